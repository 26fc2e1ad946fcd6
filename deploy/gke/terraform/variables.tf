variable "project" {
  type        = string
  description = "Project everything is made in."
}

variable "region" {
  type        = string
  description = "Region of everything; it must have L4s (docs/deploy/regions.md)."
  default     = "europe-west4"
}

variable "name" {
  type        = string
  description = "Prefix of every resource."
  default     = "penstock"
}

variable "namespace" {
  type        = string
  description = "Kubernetes namespace of the services, as in kustomize/base."
  default     = "penstock"
}

variable "deletion_protection" {
  type        = bool
  description = "Whether Terraform and the platform refuse to delete cluster and database."
  default     = false
}

variable "database" {
  type = object({
    version         = optional(string, "POSTGRES_17")
    tier            = optional(string, "db-custom-2-7680")
    max_connections = optional(number, 200)
    regional        = optional(bool, false)
    disk_gigabytes  = optional(number, 20)
  })
  default = {}
}

variable "session_service_connections" {
  type        = object({ replicas = number, each = number })
  description = "What kustomize/base allows: most replicas of session-service, and the sum of one's pools."
  default     = { replicas = 8, each = 15 }
}
