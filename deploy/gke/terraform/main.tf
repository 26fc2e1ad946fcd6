resource "google_project_service" "api" {
  for_each = toset([
    "aiplatform.googleapis.com",
    "artifactregistry.googleapis.com",
    "compute.googleapis.com",
    "container.googleapis.com",
    "iam.googleapis.com",
    "sqladmin.googleapis.com",
  ])

  service = each.value
  # Others in the project may use it.
  disable_on_destroy = false
}

data "google_project" "project" {
  project_id = var.project
}

resource "google_compute_network" "network" {
  name                    = "${var.name}-gke"
  auto_create_subnetworks = false

  depends_on = [google_project_service.api]
}

resource "google_compute_subnetwork" "nodes" {
  name                     = "${var.name}-gke"
  region                   = var.region
  network                  = google_compute_network.network.id
  ip_cidr_range            = "10.16.0.0/20"
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.20.0.0/16"
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.24.0.0/20"
  }
}

# Nodes have no public address; images and weights come through here.
resource "google_compute_router" "router" {
  name    = "${var.name}-gke"
  region  = var.region
  network = google_compute_network.network.id
}

resource "google_compute_router_nat" "nat" {
  name                               = "${var.name}-gke"
  router                             = google_compute_router.router.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

# Autopilot brings what the manifests count on: network policies, Workload Identity, Managed Prometheus, GPU drivers.
resource "google_container_cluster" "cluster" {
  name                = var.name
  location            = var.region
  enable_autopilot    = true
  network             = google_compute_network.network.id
  subnetwork          = google_compute_subnetwork.nodes.id
  deletion_protection = var.deletion_protection

  release_channel {
    channel = "REGULAR"
  }

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes = true
  }
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "${var.name}-gke"
  location      = var.region
  format        = "DOCKER"

  depends_on = [google_project_service.api]
}

module "database" {
  source = "../../cloud-run/terraform/modules/database"

  name                = "${var.name}-gke"
  project             = var.project
  region              = var.region
  network             = google_compute_network.network.id
  subnetwork          = google_compute_subnetwork.nodes.id
  deletion_protection = var.deletion_protection
  settings            = var.database

  depends_on = [google_project_service.api]
}

resource "terraform_data" "connections" {
  input = var.session_service_connections

  lifecycle {
    precondition {
      # A rolling update has one replica more for a while, with its migration.
      condition     = (var.session_service_connections.replicas + 1) * var.session_service_connections.each + 2 <= 0.8 * var.database.max_connections
      error_message = "The replicas' pools need more than 80 % of the database's connections. Raise database.max_connections or lower the replicas."
    }
  }
}
