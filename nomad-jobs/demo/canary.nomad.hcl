# A version that is tried beside the stable one: `nomad job run` with a new image starts one canary, which gets a tenth of
# the requests, and all of those to a host of its own; `nomad deployment promote` makes it the version of all.
#   curl -H 'Host: shop.lab.local' http://EDGE/
#   curl -H 'Host: shop-canary.lab.local' http://EDGE/

variable "image" {
  type    = string
  default = "traefik/whoami:v1.11"
}

variable "provider" {
  type        = string
  default     = "consul"
  description = "where it is registered: consul or nomad"
}

job "shop" {
  type = "service"

  update {
    canary           = 1
    max_parallel     = 1
    min_healthy_time = "5s"
    healthy_deadline = "2m"
    auto_revert      = true
    auto_promote     = false
  }

  group "shop" {
    count = 2

    network {
      port "http" {}
    }

    shutdown_delay = "5s"

    service {
      name     = "shop"
      port     = "http"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        "traefik.http.routers.shop.rule=Host(`shop.lab.local`)",
      ]
      # In place of `tags` as long as the instance is a canary; the marks say so to Traefik's own providers, too.
      canary_tags = [
        "traefik.enable=true",
        "traefik.consulcatalog.canary=true",
        "traefik.nomad.canary=true",
        "portolan.canary.weight=10",
        "traefik.http.routers.shop-canary.rule=Host(`shop-canary.lab.local`)",
      ]

      check {
        type     = "http"
        path     = "/health"
        interval = "5s"
        timeout  = "2s"
      }
    }

    task "shop" {
      driver = "docker"

      config {
        image = var.image
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
