# Cloud SQL for PostgreSQL, reachable at one address of a network and from nowhere else.

resource "google_sql_database_instance" "database" {
  name                = "${var.name}-${random_id.database.hex}"
  region              = var.region
  database_version    = var.settings.version
  deletion_protection = var.deletion_protection

  settings {
    tier                        = var.settings.tier
    edition                     = "ENTERPRISE"
    availability_type           = var.settings.regional ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = var.settings.disk_gigabytes
    disk_autoresize             = true
    deletion_protection_enabled = var.deletion_protection

    database_flags {
      name  = "max_connections"
      value = tostring(var.settings.max_connections)
    }

    ip_configuration {
      # No public address. An endpoint in our network instead of a peering, which would survive `destroy`.
      ipv4_enabled = false
      psc_config {
        psc_enabled               = true
        allowed_consumer_projects = [var.project]
      }
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
  }
}

# The name of a deleted instance stays taken for a week.
resource "random_id" "database" {
  byte_length = 2
}

resource "google_sql_database" "penstock" {
  name            = "penstock"
  instance        = google_sql_database_instance.database.name
  deletion_policy = "ABANDON" # goes with its instance
}

resource "random_password" "database" {
  length  = 40
  special = false # it stands in a URL
}

resource "google_sql_user" "penstock" {
  name            = "penstock"
  instance        = google_sql_database_instance.database.name
  password        = random_password.database.result
  deletion_policy = "ABANDON" # owns tables, so it can only go with its instance
}

resource "google_compute_address" "database" {
  name         = "${var.name}-database"
  region       = var.region
  subnetwork   = var.subnetwork
  address_type = "INTERNAL"
}

resource "google_compute_forwarding_rule" "database" {
  name                  = "${var.name}-database"
  region                = var.region
  network               = var.network
  ip_address            = google_compute_address.database.id
  target                = google_sql_database_instance.database.psc_service_attachment_link
  load_balancing_scheme = ""
}
