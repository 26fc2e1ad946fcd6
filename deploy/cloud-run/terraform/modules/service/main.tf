# One Cloud Run service with who may call it. Instance-based billing throughout: turns, leases, queues and GPUs
# live on between requests.

locals {
  port = 8080
}

resource "google_cloud_run_v2_service" "service" {
  name                = var.name
  location            = var.region
  ingress             = var.ingress
  deletion_protection = var.deletion_protection

  template {
    service_account                  = var.service_account
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    timeout                          = var.timeout
    max_instance_request_concurrency = var.scale.concurrency
    gpu_zonal_redundancy_disabled    = var.size.gpu == null ? null : !var.gpu_zonal_redundancy

    scaling {
      min_instance_count = var.scale.min
      max_instance_count = var.scale.max
    }

    dynamic "node_selector" {
      for_each = var.size.gpu == null ? [] : [var.size.gpu]
      content {
        accelerator = node_selector.value
      }
    }

    dynamic "vpc_access" {
      for_each = var.network == null ? [] : [var.network]
      content {
        # Calls to other services' run.app addresses count as internal only if they leave through the network.
        egress = "ALL_TRAFFIC"
        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }

    containers {
      name  = "service"
      image = var.image
      args  = var.arguments

      ports {
        name           = var.h2c ? "h2c" : "http1"
        container_port = local.port
      }

      dynamic "env" {
        for_each = var.environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = var.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      dynamic "volume_mounts" {
        for_each = var.file == null ? [] : [var.file]
        content {
          name       = "file"
          mount_path = volume_mounts.value.folder
        }
      }

      resources {
        limits = merge(
          { cpu = var.size.cpu, memory = var.size.memory },
          var.size.gpu == null ? {} : { "nvidia.com/gpu" = "1" },
        )
        cpu_idle          = false
        startup_cpu_boost = var.size.gpu == null
      }

      startup_probe {
        period_seconds    = var.startup.period_seconds
        timeout_seconds   = 1
        failure_threshold = var.startup.failures

        dynamic "http_get" {
          for_each = var.startup.path == null ? [] : [var.startup.path]
          content {
            path = http_get.value
            port = var.startup.port
          }
        }

        dynamic "tcp_socket" {
          for_each = var.startup.path == null ? [var.startup.port] : []
          content {
            port = tcp_socket.value
          }
        }
      }

      dynamic "liveness_probe" {
        for_each = var.liveness_path == null ? [] : [var.liveness_path]
        content {
          period_seconds    = 20
          timeout_seconds   = 5
          failure_threshold = 3
          http_get {
            path = liveness_probe.value
            port = local.port
          }
        }
      }
    }

    dynamic "containers" {
      for_each = var.collector == null ? [] : [var.collector]
      content {
        name       = "collector"
        image      = containers.value.image
        depends_on = ["service"]

        resources {
          limits            = { cpu = "1", memory = "512Mi" }
          cpu_idle          = false
          startup_cpu_boost = false
        }

        volume_mounts {
          name       = "collector"
          mount_path = "/etc/rungmp"
        }
      }
    }

    dynamic "volumes" {
      for_each = var.file == null ? [] : [var.file]
      content {
        name = "file"
        secret {
          secret = volumes.value.secret
          items {
            path    = volumes.value.name
            version = volumes.value.version
          }
        }
      }
    }

    dynamic "volumes" {
      for_each = var.collector == null ? [] : [var.collector]
      content {
        name = "collector"
        secret {
          secret = volumes.value.secret
          items {
            path    = "config.yaml"
            version = volumes.value.version
          }
        }
      }
    }
  }
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = var.invokers

  name     = google_cloud_run_v2_service.service.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}
