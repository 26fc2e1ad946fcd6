resource "google_artifact_registry_repository" "images" {
  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images of ${var.name}"

  depends_on = [google_project_service.api]
}

locals {
  registry = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"

  image = {
    for service in ["gateway", "session-service", "inference-proxy", "ollama-backend"] :
    service => "${local.registry}/penstock-${service}:${var.images}"
  }

  # One tag per model, since its weights are inside: gemma3:4b is penstock-ollama-backend:TAG-gemma3-4b.
  model_image = coalesce(var.model_image, "${local.image["ollama-backend"]}-${replace(var.model, "/[^a-zA-Z0-9_.-]/", "-")}")
}
