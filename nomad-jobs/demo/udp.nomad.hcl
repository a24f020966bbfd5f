# DNS by UDP, on an entry point of its own: UDP has no rules at all.
#   nomad job run -var 'entry_points={ dns = ":1053/udp" }' ../edge.nomad.hcl

variable "provider" {
  type        = string
  default     = "consul"
  description = "where it is registered: consul or nomad"
}

job "resolver" {
  type = "service"

  group "coredns" {
    network {
      port "dns" {
        to = 53
      }
      port "health" {
        to = 8080
      }
    }

    shutdown_delay = "5s"

    service {
      name     = "resolver"
      port     = "dns"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        "traefik.udp.routers.resolver.entrypoints=dns",
      ]

      # Neither Consul nor Nomad checks by UDP.
      check {
        type     = "http"
        port     = "health"
        path     = "/health"
        interval = "5s"
        timeout  = "2s"
      }
    }

    task "coredns" {
      driver = "docker"

      config {
        image = "coredns/coredns:1.12.0"
        args  = ["-conf", "/local/Corefile"]
        ports = ["dns", "health"]
      }

      template {
        destination = "local/Corefile"
        data        = <<-EOT
          . {
            whoami
            health :8080
          }
        EOT
      }

      resources {
        cpu    = 50
        memory = 64
      }
    }
  }
}
