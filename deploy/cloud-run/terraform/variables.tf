# What and where

variable "project" {
  type        = string
  description = "Project everything is made in."
}

variable "region" {
  type        = string
  description = "Region of everything; it must have the GPU type (docs/deploy/regions.md)."
  default     = "europe-west1"
}

variable "name" {
  type        = string
  description = "Prefix of every resource, so that several deployments fit one project."
  default     = "penstock"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "At most 20 lower-case letters, digits and dashes: service accounts allow 30."
  }
}

variable "images" {
  type        = string
  description = "Tag of the images that are in this deployment's registry."
  default     = "latest"
}

variable "deletion_protection" {
  type        = bool
  description = "Whether Terraform and the platform refuse to delete services and database. False lets `terraform destroy` leave nothing."
  default     = false
}

# Who may call

variable "invokers" {
  type        = list(string)
  description = "Who may call the gateway, as IAM members (user:..., group:..., serviceAccount:...)."
  default     = []
}

variable "public" {
  type        = bool
  description = "Lets everybody call the gateway, with nobody checking who calls."
  default     = false
}

variable "internal_ingress" {
  type        = bool
  description = "Takes what stands behind the gateway off the internet; false leaves it to identity tokens alone."
  default     = true
}

variable "gateway_ingress" {
  type        = string
  description = "INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER or INGRESS_TRAFFIC_INTERNAL_ONLY."
  default     = "INGRESS_TRAFFIC_ALL"
}

# The model

variable "model" {
  type        = string
  description = "Ollama's name of the model."
  default     = "gemma3:4b"
}

variable "model_image" {
  type        = string
  description = "Image of the model server; null for this deployment's own, with the weights baked in."
  default     = null
}

variable "model_server" {
  type = object({
    cpu                 = optional(string, "8")
    memory              = optional(string, "32Gi")
    gpu                 = optional(string, "nvidia-l4")
    timeout             = optional(string, "600s")
    startup_port        = optional(number, 8081)
    zonal_redundancy    = optional(bool, false)
    startup_seconds     = optional(number, 240)
    host_cache_mebibyte = optional(number, 2048)
  })
  description = "Size of one model server. Memory holds the weights once while they are read, and the prompt cache. startup_port opens when the model has answered; 8080 where there is no such port."
  default     = {}
}

variable "slots" {
  type        = number
  description = "Generations one model server runs at once (OLLAMA_NUM_PARALLEL)."
  default     = 4
}

variable "context_length" {
  type        = number
  description = "Tokens of context per slot (OLLAMA_CONTEXT_LENGTH)."
  default     = 8192
}

variable "mode" {
  type        = string
  description = "addressed: each GPU is a service of its own, at most one instance. autoscaled: one address, the platform scales behind it."
  default     = "addressed"

  validation {
    condition     = contains(["addressed", "autoscaled"], var.mode)
    error_message = "addressed or autoscaled."
  }
}

variable "gpus" {
  type        = object({ min = number, max = number })
  description = "GPUs per pool. addressed: max services; a min of 0 lets them start with the first request. autoscaled: least and most instances."
  default     = { min = 1, max = 1 }
}

variable "pools" {
  type        = number
  description = "Inference proxies, each with GPUs of its own."
  default     = 1
}

variable "gemini_models" {
  type        = list(string)
  description = "Models of Vertex that are served beside the own one; empty for none."
  default     = []
}

variable "gemini_location" {
  type        = string
  description = "Location of Vertex."
  default     = "global"
}

# The services

variable "gateway" {
  type = object({
    min         = optional(number, 1)
    max         = optional(number, 10)
    cpu         = optional(string, "2")
    memory      = optional(string, "2Gi")
    concurrency = optional(number, 800)
    timeout     = optional(string, "3600s")
  })
  default = {}
}

variable "session_service" {
  type = object({
    min         = optional(number, 1)
    max         = optional(number, 8)
    cpu         = optional(string, "2")
    memory      = optional(string, "1Gi")
    concurrency = optional(number, 200)
  })
  default = {}
}

variable "inference_proxy" {
  type = object({
    cpu    = optional(string, "2")
    memory = optional(string, "1Gi")
  })
  default = {}
}

variable "h2c" {
  type        = bool
  description = "Whether the platform speaks HTTP/2 to gateway and proxies; with HTTP/1.1 it may not tell them that a client left."
  default     = true
}

# The database

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

variable "connection_pools" {
  type        = object({ foreground = number, log = number, lease = number })
  description = "Database connections of one session-service."
  default     = { foreground = 8, log = 4, lease = 3 }
}

# What is watched

variable "collector_image" {
  type        = string
  description = "Sidecar that carries metrics to Managed Service for Prometheus; null for none."
  default     = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"
}

variable "otlp_endpoint" {
  type        = string
  description = "Collector that takes traces (OTEL_EXPORTER_OTLP_ENDPOINT); null for none."
  default     = null
}
