variable "name" { type = string }
variable "region" { type = string }
variable "image" { type = string }
variable "service_account" { type = string }

variable "arguments" {
  type    = list(string)
  default = []
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "secrets" {
  type        = map(string)
  description = "Environment variables whose values are secrets: name to secret id."
  default     = {}
}

variable "file" {
  type        = object({ folder = string, name = string, secret = string, version = string })
  description = "A file that a secret holds; null for none."
  default     = null
}

variable "size" {
  type = object({
    cpu    = string
    memory = string
    gpu    = optional(string)
  })
}

variable "gpu_zonal_redundancy" {
  type    = bool
  default = false
}

variable "scale" {
  type = object({ min = number, max = number, concurrency = number })
}

variable "timeout" {
  type = string
}

variable "h2c" {
  type    = bool
  default = false
}

variable "ingress" {
  type = string
}

variable "invokers" {
  type        = map(string)
  description = "Who may call, as IAM members by a key that is known beforehand."
  default     = {}
}

variable "startup" {
  type        = object({ port = number, path = optional(string), period_seconds = number, failures = number })
  description = "When it can serve: the path answers, or the port is open where there is none."
}

variable "liveness_path" {
  type    = string
  default = null
}

variable "network" {
  type        = object({ network = string, subnetwork = string })
  description = "Where its own calls go through; null for the internet."
  default     = null
}

variable "collector" {
  type        = object({ image = string, secret = string, version = string })
  description = "The sidecar that carries metrics away; null for none."
  default     = null
}

variable "deletion_protection" {
  type = bool
}
