resource "google_project_service" "api" {
  for_each = toset(concat([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "compute.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "sqladmin.googleapis.com",
  ], length(var.gemini_models) == 0 ? [] : ["aiplatform.googleapis.com"]))

  service = each.value
  # Others in the project may use it.
  disable_on_destroy = false
}

resource "google_compute_network" "network" {
  name                    = var.name
  auto_create_subnetworks = false

  depends_on = [google_project_service.api]
}

# Direct egress takes addresses in blocks of 16 and wants twice the instances at hand: 1,024 addresses carry more
# than a hundred instances through a roll-out. Google's own addresses, run.app among them, are reached privately.
resource "google_compute_subnetwork" "run" {
  name                     = "${var.name}-run"
  region                   = var.region
  network                  = google_compute_network.network.id
  ip_cidr_range            = "10.8.0.0/22"
  private_ip_google_access = true
}

# run.app answers at Google's private addresses, so that calls between services never need the internet.
resource "google_dns_managed_zone" "run" {
  name       = "${var.name}-run-app"
  dns_name   = "run.app."
  visibility = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.network.id
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_dns_record_set" "run" {
  for_each = toset(["run.app.", "*.run.app."])

  name         = each.value
  managed_zone = google_dns_managed_zone.run.name
  type         = "A"
  ttl          = 300
  # private.googleapis.com
  rrdatas = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
}
