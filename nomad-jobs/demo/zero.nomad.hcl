# A tool that sleeps when it is not used. While it has no instance, its tag portolan.keep keeps its router, which answers 503 or
# with the operator's page (docs/beyond.md), so that whoever asks, or an autoscaler that counts those answers, knows that it
# exists.
#   nomad job scale tool 0
#   nomad job scale tool 1

variable "provider" {
  type        = string
  default     = "consul"
  description = "where it is registered: consul or nomad"
}

job "tool" {
  type = "service"

  group "tool" {
    count = 1

    scaling {
      enabled = true
      min     = 0
      max     = 2
    }

    network {
      port "http" {}
    }

    shutdown_delay = "5s"

    service {
      name     = "tool"
      port     = "http"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        "traefik.http.routers.tool.rule=Host(`tool.lab.local`)",
        "portolan.keep=true",
      ]

      check {
        type     = "http"
        path     = "/health"
        interval = "5s"
        timeout  = "2s"
      }
    }

    task "tool" {
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
