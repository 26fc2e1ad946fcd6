locals {
  management_port = "9090"

  pools = { for index in range(var.pools) : tostring(index + 1) => index }

  addressed = merge([
    for pool, _ in local.pools : {
      for gpu in range(var.gpus.max) : "${var.name}-ollama-${pool}-${gpu + 1}" => {
        pool = pool
        # Its proxy looks at it once a minute, which alone would keep it; a minimum also starts it beforehand.
        min = var.gpus.min > 0 ? 1 : 0
        # One instance per address: its slots, its prefix cache and its health are then one server's.
        max = 1
        # Beside the slots, one place for the probe of a recovered slot and one for unloading the model.
        concurrency = var.slots + 2
        slots       = var.slots
        shared      = false
      }
    }
  ]...)

  autoscaled = {
    for pool, _ in local.pools : "${var.name}-ollama-${pool}" => {
      pool = pool
      min  = var.gpus.min
      max  = var.gpus.max
      # Exactly the slots: what waits inside Ollama would hide the load from the autoscaler.
      concurrency = var.slots
      # The proxy lends as many as the address can ever hold, since only requests make the platform scale.
      slots  = var.slots * var.gpus.max
      shared = true
    }
  }

  backends = var.mode == "addressed" ? local.addressed : local.autoscaled

  cold = var.gpus.min == 0 || (var.mode == "autoscaled" && var.gpus.min < var.gpus.max)

  ollama_upstreams = {
    for pool, _ in local.pools : pool => [
      for name, backend in local.backends : {
        name   = name
        kind   = "ollama"
        url    = lookup(var.backend_urls, name, "https://${name}.invalid")
        slots  = backend.slots
        shared = backend.shared
        auth   = "identity"
      } if backend.pool == pool
    ]
  }

  vertex_host = var.gemini_location == "global" ? "aiplatform.googleapis.com" : "${var.gemini_location}-aiplatform.googleapis.com"

  vertex = length(var.gemini_models) == 0 ? [] : [{
    name  = "vertex"
    kind  = "vertex"
    url   = "https://${local.vertex_host}/v1/projects/${var.project}/locations/${var.gemini_location}"
    slots = 100
  }]

  # Google's clients name a Gemma as its prebuilt container does: gemma-3-4b-it for gemma3:4b.
  google_name = replace(var.model, "/^gemma([0-9]+)(n?):([a-z0-9]+).*$/", "gemma-$1$2-$3-it")

  files = {
    for pool, _ in local.pools : pool => yamlencode(merge(
      { upstreams = concat(local.ollama_upstreams[pool], local.vertex) },
      length(var.gemini_models) == 0 ? {} : {
        models = [for model in var.gemini_models : { name = model, upstreams = ["vertex"] }]
      },
      local.google_name == var.model ? {} : { aliases = { (local.google_name) = var.model } },
    ))
  }

  watched = merge(
    { MANAGEMENT_PORT = local.management_port },
    var.otlp_endpoint == null ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT = var.otlp_endpoint },
  )

  caller = { PENSTOCK_SERVICE_IDENTITY = "google" }

  # The platform checks the callers of all but a public gateway, which says so by its argument.
  checked = { AUTHENTICATION = "platform" }

  # Apart from each other: only the gateway's waits for the addresses of the others.
  gateway = merge(local.watched, local.caller, var.public ? {} : local.checked, {
    GEMMA_MODEL_NAME    = var.model
    SESSION_SERVICE_URL = var.session_service_url
    INFERENCE_PROXY_URL = join(",", [for pool, _ in local.pools : lookup(var.proxy_urls, pool, "https://${var.name}-proxy-${pool}.invalid")])
  })

  session_service = merge(local.watched, local.checked, {
    PENSTOCK_FOREGROUND_POOL_SIZE = tostring(var.connection_pools.foreground)
    PENSTOCK_LOG_POOL_SIZE        = tostring(var.connection_pools.log)
    PENSTOCK_LEASE_POOL_SIZE      = tostring(var.connection_pools.lease)
  })

  inference_proxy = merge(local.watched, local.caller, local.checked,
    {
      GEMMA_MODEL_NAME = var.model
      PENSTOCK_CONFIG  = "/etc/penstock/penstock.yaml"
    },
    # The platform holds a request while it starts an instance, so a first token may take a whole start.
    local.cold ? {
      PENSTOCK_FIRST_TOKEN_TIMEOUT_MS    = tostring((var.startup_seconds + 60) * 1000)
      PENSTOCK_UPSTREAM_START_TIMEOUT_MS = tostring(var.startup_seconds * 1000)
      PENSTOCK_START_WAIT_MS             = tostring(var.startup_seconds * 1000)
    } : {},
  )

  ollama_backend = {
    OLLAMA_NUM_PARALLEL   = tostring(var.slots)
    OLLAMA_CONTEXT_LENGTH = tostring(var.context_length)
    OLLAMA_KEEP_ALIVE     = "-1"
    # A cache of keys and values in 8 bits takes half the memory of the default, and needs flash attention.
    OLLAMA_FLASH_ATTENTION = "1"
    OLLAMA_KV_CACHE_TYPE   = "q8_0"
    # Loads that may wait; generations wait in the proxy.
    OLLAMA_MAX_QUEUE         = "8"
    OLLAMA_MAX_LOADED_MODELS = "1"
    OLLAMA_NO_CLOUD          = "1"
    # Otherwise up to 8 GiB of the container's memory that no route shows.
    LLAMA_ARG_CACHE_RAM = tostring(var.host_cache_mebibyte)
  }

  connections_per_session_service = (
    var.connection_pools.foreground + var.connection_pools.log + var.connection_pools.lease
  )
  # The migration job holds two.
  connections = var.session_service_max * local.connections_per_session_service + 2
}
