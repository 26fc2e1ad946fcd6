resource "google_secret_manager_secret" "database_url" {
  secret_id = "${var.name}-database-url"

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_version" "database_url" {
  secret      = google_secret_manager_secret.database_url.id
  secret_data = module.database.url
}

# What is served where, per pool. It holds no key, but a secret is what a service can mount as a file.
resource "google_secret_manager_secret" "serving" {
  for_each = toset(module.wiring.pools)

  secret_id = "${var.name}-serving-${each.key}"

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_version" "serving" {
  for_each = google_secret_manager_secret.serving

  secret      = each.value.id
  secret_data = module.wiring.files[each.key]
}

resource "google_secret_manager_secret" "collector" {
  count = var.collector_image == null ? 0 : 1

  secret_id = "${var.name}-collector"

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_version" "collector" {
  count = length(google_secret_manager_secret.collector)

  secret      = google_secret_manager_secret.collector[0].id
  secret_data = yamlencode(local.scraping)
}

locals {
  scraping = {
    apiVersion = "monitoring.googleapis.com/v1beta"
    kind       = "RunMonitoring"
    metadata   = { name = "penstock" }
    spec = {
      endpoints = [{
        port     = module.wiring.management_port
        path     = "/metrics"
        interval = "30s"
      }]
    }
  }

  collector = var.collector_image == null ? null : {
    image   = var.collector_image
    secret  = google_secret_manager_secret.collector[0].secret_id
    version = google_secret_manager_secret_version.collector[0].version
  }
}
