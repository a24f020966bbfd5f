# A service as portolan expects it: Nomad picks the port, registers it in Consul with tags and a check, and the route
# https://windmill.lab.local follows wherever the next deployment puts it.

variable "image" {
  type        = string
  description = "ghcr.io/windmill-labs/windmill with the version that you have tested"
}

job "windmill" {
  type = "service"

  group "server" {
    count = 1

    network {
      # Dynamic: no `static`, nothing to plan and nothing to collide with. 8000 is the port inside the container.
      port "http" {
        to = 8000
      }
    }

    # After Consul has been told that this instance leaves, requests still arrive until Traefik has the new chart:
    # detection, portolan's pause of at most 1 s and Traefik's throttle. Longer than their sum.
    shutdown_delay = "5s"

    service {
      name     = "windmill"
      port     = "http"
      provider = "consul"

      tags = [
        "traefik.enable=true",
        "traefik.http.routers.windmill.rule=Host(`windmill.lab.local`)",
      ]

      # Where Consul has ACLs, Nomad's servers give each service an identity (`nomad setup consul` says how), or the job does:
      #   identity {
      #     aud = ["consul.io"]
      #     ttl = "1h"
      #   }

      # Only instances that pass are routed; without a check an instance counts as healthy the moment it registers.
      check {
        type     = "http"
        path     = "/api/version"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "server" {
      driver = "docker"

      config {
        image = var.image
        ports = ["http"]
      }

      env {
        MODE = "server"
      }

      # The database's URL holds a password; it comes from a Nomad variable, never from this file:
      #   nomad var put nomad/jobs/windmill database_url=postgres://…
      template {
        destination = "${NOMAD_SECRETS_DIR}/database.env"
        env         = true
        data        = <<-EOT
          DATABASE_URL={{ with nomadVar "nomad/jobs/windmill" }}{{ .database_url }}{{ end }}
        EOT
      }

      resources {
        cpu    = 500
        memory = 1024
      }
    }
  }
}
