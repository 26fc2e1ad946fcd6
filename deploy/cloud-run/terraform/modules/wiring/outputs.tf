output "pools" {
  value = keys(local.pools)
}

output "backends" {
  value = local.backends
}

output "gateway" {
  value = local.gateway
}

output "session_service" {
  description = "Without DATABASE_URL, which is a secret."
  value       = local.session_service
}

output "inference_proxy" {
  value = local.inference_proxy
}

output "ollama_backend" {
  value = local.ollama_backend
}

output "files" {
  description = "The configuration file of each pool's proxy."
  value       = local.files
}

output "management_port" {
  value = tonumber(local.management_port)
}

output "connections" {
  value = local.connections

  precondition {
    # Instances may exceed their maximum for a short while, and people look into the database too.
    condition     = local.connections <= 0.8 * var.max_connections
    error_message = "${var.session_service_max} session-services with ${local.connections_per_session_service} connections each, and the migration's 2, need ${local.connections}, which is more than 80 % of the database's ${var.max_connections}. Raise database.max_connections or lower session_service.max."
  }
}

output "gpus" {
  description = "GPUs that run at most: the quota it takes."
  value       = sum([for backend in local.backends : backend.max])
}
