# This module computes and makes nothing, so that it can be tried without a cloud: which model servers there
# are, who knows whom, and every container's environment.

variable "name" { type = string }
variable "project" { type = string }
variable "mode" { type = string }
variable "pools" { type = number }
variable "gpus" { type = object({ min = number, max = number }) }
variable "slots" { type = number }
variable "context_length" { type = number }
variable "model" { type = string }
variable "host_cache_mebibyte" { type = number }
variable "startup_seconds" { type = number }
variable "public" { type = bool }
variable "gemini_models" { type = list(string) }
variable "gemini_location" { type = string }
variable "connection_pools" { type = object({ foreground = number, log = number, lease = number }) }
variable "session_service_max" { type = number }
variable "max_connections" { type = number }

variable "otlp_endpoint" {
  type    = string
  default = null
}

variable "backend_urls" {
  type        = map(string)
  description = "Address of each model server by its name, once it is known."
  default     = {}
}

variable "session_service_url" {
  type    = string
  default = "https://session-service.invalid"
}

variable "proxy_urls" {
  type    = map(string)
  default = {}
}
