# A database by TCP. Without TLS Traefik cannot tell hosts apart, so that it needs an entry point to itself:
#   nomad job run -var 'entry_points={ redis = ":6379" }' ../edge.nomad.hcl

variable "provider" {
  type        = string
  default     = "consul"
  description = "where it is registered: consul or nomad"
}

job "cache" {
  type = "service"

  group "redis" {
    network {
      port "redis" {
        to = 6379
      }
    }

    shutdown_delay = "5s"

    service {
      name     = "cache"
      port     = "redis"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        "traefik.tcp.routers.cache.entrypoints=redis",
        "traefik.tcp.routers.cache.rule=HostSNI(`*`)",
      ]

      check {
        type     = "tcp"
        interval = "5s"
        timeout  = "2s"
      }
    }

    task "redis" {
      driver = "docker"

      config {
        image = "redis:7.4"
        ports = ["redis"]
      }

      resources {
        cpu    = 100
        memory = 128
      }
    }
  }
}
