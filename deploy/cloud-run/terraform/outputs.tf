output "url" {
  description = "The gateway."
  value       = module.gateway.url
}

output "registry" {
  description = "Where images are pushed to."
  value       = local.registry
}

output "model_image" {
  description = "The model server's image."
  value       = local.model_image
}

output "services" {
  description = "Every Cloud Run service by its part."
  value = merge(
    { gateway = module.gateway.name, session-service = module.session_service.name },
    { for pool, proxy in module.inference_proxy : "inference-proxy-${pool}" => proxy.name },
    { for name, backend in module.ollama_backend : name => backend.name },
  )
}

output "migration" {
  description = "The job that brings the schema up to date."
  value       = google_cloud_run_v2_job.migrate.name
}

output "gpu_quota" {
  description = "GPUs of the type the region's quota must allow."
  value       = module.wiring.gpus
}
