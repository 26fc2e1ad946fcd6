module "database" {
  source = "./modules/database"

  name                = var.name
  project             = var.project
  region              = var.region
  network             = google_compute_network.network.id
  subnetwork          = google_compute_subnetwork.run.id
  deletion_protection = var.deletion_protection
  settings            = var.database

  depends_on = [google_project_service.api]
}
