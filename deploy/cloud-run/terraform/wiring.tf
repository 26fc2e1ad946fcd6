module "wiring" {
  source = "./modules/wiring"

  name                = var.name
  project             = var.project
  mode                = var.mode
  pools               = var.pools
  gpus                = var.gpus
  slots               = var.slots
  context_length      = var.context_length
  model               = var.model
  host_cache_mebibyte = var.model_server.host_cache_mebibyte
  startup_seconds     = var.model_server.startup_seconds
  public              = var.public
  gemini_models       = var.gemini_models
  gemini_location     = var.gemini_location
  connection_pools    = var.connection_pools
  session_service_max = var.session_service.max
  max_connections     = var.database.max_connections
  otlp_endpoint       = var.otlp_endpoint

  backend_urls        = { for name, backend in module.ollama_backend : name => backend.url }
  session_service_url = module.session_service.url
  proxy_urls          = { for pool, proxy in module.inference_proxy : pool => proxy.url }
}
