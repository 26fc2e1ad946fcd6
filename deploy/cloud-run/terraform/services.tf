locals {
  behind  = var.internal_ingress ? "INGRESS_TRAFFIC_INTERNAL_ONLY" : "INGRESS_TRAFFIC_ALL"
  network = { network = google_compute_network.network.id, subnetwork = google_compute_subnetwork.run.id }

  # Up to two minutes; a JVM with its start-up cache needs one or two seconds.
  started = { port = 8080, path = "/readyz", period_seconds = 2, failures = 60 }
}

module "ollama_backend" {
  source   = "./modules/service"
  for_each = module.wiring.backends

  name                 = each.key
  region               = var.region
  image                = local.model_image
  service_account      = google_service_account.account["ollama-backend"].email
  environment          = module.wiring.ollama_backend
  size                 = { cpu = var.model_server.cpu, memory = var.model_server.memory, gpu = var.model_server.gpu }
  gpu_zonal_redundancy = var.model_server.zonal_redundancy
  scale                = each.value
  # An answer may take as long as it takes to write its longest text; the proxy gives up earlier.
  timeout             = var.model_server.timeout
  ingress             = local.behind
  invokers            = { inference-proxy = google_service_account.account["inference-proxy"].member }
  startup             = { port = var.model_server.startup_port, period_seconds = 5, failures = floor(var.model_server.startup_seconds / 5) }
  deletion_protection = var.deletion_protection
}

module "inference_proxy" {
  source   = "./modules/service"
  for_each = toset(module.wiring.pools)

  name            = "${var.name}-proxy-${each.key}"
  region          = var.region
  image           = local.image["inference-proxy"]
  service_account = google_service_account.account["inference-proxy"].email
  environment     = module.wiring.inference_proxy
  file = {
    folder  = "/etc/penstock"
    name    = "penstock.yaml"
    secret  = google_secret_manager_secret.serving[each.key].secret_id
    version = google_secret_manager_secret_version.serving[each.key].version
  }
  size = var.inference_proxy
  # Exactly one: it alone counts its pool's slots and holds its queue. More pools are more of these services. One
  # vCPU relays some 25,000 tokens a second, more than a hundred L4s make; what waits is an open request too.
  scale               = { min = 1, max = 1, concurrency = 1000 }
  timeout             = "3600s"
  h2c                 = var.h2c
  ingress             = local.behind
  invokers            = { gateway = google_service_account.account["gateway"].member }
  startup             = local.started
  liveness_path       = "/livez"
  network             = local.network
  collector           = local.collector
  deletion_protection = var.deletion_protection

  depends_on = [
    google_dns_record_set.run,
    google_secret_manager_secret_iam_member.serving,
    google_secret_manager_secret_iam_member.collector,
  ]
}

module "session_service" {
  source = "./modules/service"

  name            = "${var.name}-sessions"
  region          = var.region
  image           = local.image["session-service"]
  service_account = google_service_account.account["session-service"].email
  environment     = module.wiring.session_service
  secrets         = { DATABASE_URL = google_secret_manager_secret.database_url.secret_id }
  size            = { cpu = var.session_service.cpu, memory = var.session_service.memory }
  # Its calls last milliseconds; the bound keeps a burst from waiting for 15 connections in one instance.
  scale               = { min = var.session_service.min, max = var.session_service.max, concurrency = var.session_service.concurrency }
  timeout             = "300s"
  ingress             = local.behind
  invokers            = { gateway = google_service_account.account["gateway"].member }
  startup             = local.started
  liveness_path       = "/livez"
  network             = local.network
  collector           = local.collector
  deletion_protection = var.deletion_protection

  depends_on = [
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_iam_member.database_url,
    google_secret_manager_secret_iam_member.collector,
  ]
}

module "gateway" {
  source = "./modules/service"

  name            = "${var.name}-gateway"
  region          = var.region
  image           = local.image["gateway"]
  service_account = google_service_account.account["gateway"].email
  arguments       = var.public ? ["--allow-unauthenticated"] : []
  environment     = module.wiring.gateway
  size            = { cpu = var.gateway.cpu, memory = var.gateway.memory }
  # A stream that waits for a token is a request that costs no CPU. The platform adds an instance at 60 % of the
  # concurrency; 800 leaves room below the platform's 1,000 for what is not a stream.
  scale = { min = var.gateway.min, max = var.gateway.max, concurrency = var.gateway.concurrency }
  # Our own PENSTOCK_READER_MAX_AGE_MS asks a reader to come back after 3,300 s, before this cuts it.
  timeout             = var.gateway.timeout
  h2c                 = var.h2c
  ingress             = var.gateway_ingress
  invokers            = merge({ for member in var.invokers : member => member }, var.public ? { everybody = "allUsers" } : {})
  startup             = local.started
  liveness_path       = "/livez"
  network             = local.network
  collector           = local.collector
  deletion_protection = var.deletion_protection

  depends_on = [google_dns_record_set.run, google_secret_manager_secret_iam_member.collector]
}

# Run before a roll-out; migrations only add, so the version before goes on meanwhile.
resource "google_cloud_run_v2_job" "migrate" {
  name                = "${var.name}-migrate"
  location            = var.region
  deletion_protection = var.deletion_protection

  template {
    template {
      service_account = google_service_account.account["migrate"].email
      timeout         = "600s"
      max_retries     = 1

      containers {
        image = local.image["session-service"]
        args  = ["migrate"]

        # It listens nowhere, but its image would.
        env {
          name  = "AUTHENTICATION"
          value = "platform"
        }

        env {
          name = "DATABASE_URL"
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.database_url.secret_id
              version = "latest"
            }
          }
        }

        resources {
          limits = { cpu = "1", memory = "512Mi" }
        }
      }

      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = google_compute_network.network.id
          subnetwork = google_compute_subnetwork.run.id
        }
      }
    }
  }

  depends_on = [
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_iam_member.database_url,
  ]
}
