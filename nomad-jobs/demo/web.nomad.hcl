# A web application: two instances on ports that Nomad picks, one at a time replaced by the next version without an answer
# but 200.
#   curl -H 'Host: web.lab.local' http://EDGE/

variable "provider" {
  type        = string
  default     = "consul"
  description = "where it is registered: consul or nomad"
}

job "web" {
  type = "service"

  update {
    max_parallel     = 1
    min_healthy_time = "5s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "web" {
    count = 2

    network {
      port "http" {}
    }

    # After the catalog has been told that this instance leaves, requests still arrive until Traefik has the new chart:
    # ../README.md adds it up.
    shutdown_delay = "5s"

    service {
      name     = "web"
      port     = "http"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        "traefik.http.routers.web.rule=Host(`web.lab.local`)",
      ]

      # Only instances that pass are routed.
      check {
        type     = "http"
        path     = "/health"
        interval = "5s"
        timeout  = "2s"
      }
    }

    task "web" {
      driver = "docker"

      config {
        image = "traefik/whoami:v1.11"
        args  = ["--port", "${NOMAD_PORT_http}"]
        ports = ["http"]
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
