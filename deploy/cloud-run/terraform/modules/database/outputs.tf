output "url" {
  description = "DATABASE_URL."
  value       = "postgresql://${google_sql_user.penstock.name}:${random_password.database.result}@${google_compute_address.database.address}:5432/${google_sql_database.penstock.name}"
  sensitive   = true

  depends_on = [google_compute_forwarding_rule.database]
}
