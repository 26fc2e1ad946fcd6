variable "name" { type = string }
variable "project" { type = string }
variable "region" { type = string }
variable "network" { type = string }
variable "subnetwork" { type = string }
variable "deletion_protection" { type = bool }

variable "settings" {
  type = object({
    version         = string
    tier            = string
    max_connections = number
    regional        = bool
    disk_gigabytes  = number
  })
}
