output "cluster" {
  description = "Name of the cluster, for gcloud container clusters get-credentials."
  value       = google_container_cluster.cluster.name
}

output "registry" {
  description = "Where images are pushed to."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "database_url" {
  description = "DATABASE_URL, for the secret penstock-database."
  value       = module.database.url
  sensitive   = true
}
