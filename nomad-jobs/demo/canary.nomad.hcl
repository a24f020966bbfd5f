# A version that is tried beside the stable one: `nomad job run` with a new image starts one canary, and
# `nomad deployment promote` makes it the version of all. The canary's own tags lead to it by a host of its own; portolan lets
# a canary take nothing over from the stable instances until it is promoted.
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
      # In place of `tags` as long as the instance is a canary: a service of its own, so that it gets no other requests.
      canary_tags = [
        "traefik.enable=true",
        "traefik.consulcatalog.canary=true",
        "traefik.nomad.canary=true",
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
