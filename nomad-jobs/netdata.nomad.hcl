# Netdata on every node, with the metrics of portolan and Traefik where they run. It shows everything of its node: keep 19999
# within the site (the ledger: exposure: internal). Docker needs plugin "docker" { config { volumes { enabled = true } } }.

variable "image" {
  type        = string
  default     = "netdata/netdata:v2.2"
  description = "Netdata 2"
}

variable "provider" {
  type        = string
  default     = "consul"
  description = "where this service is registered: consul or nomad"
}

variable "identities" {
  type        = bool
  default     = false
  description = "true where Consul has ACLs"
}

job "netdata" {
  type     = "system"
  priority = 70

  update {
    max_parallel     = 1
    min_healthy_time = "10s"
    healthy_deadline = "3m"
    auto_revert      = true
  }

  group "netdata" {
    network {
      mode = "host"
      port "http" {
        static = 19999
      }
    }

    shutdown_delay = "3s"

    service {
      name     = "netdata"
      port     = "http"
      provider = var.provider
      # No route: the ledger says internal. Prometheus scrapes it all the same (docs/targets.md), with one line in the ledger:
      # { ports: 19999, owner: netdata, exposure: internal, metrics: { path: /api/v1/allmetrics }, … } where it never registers.
      tags = ["portolan.metrics=true", "portolan.metrics.path=/api/v1/allmetrics"]

      dynamic "identity" {
        for_each = var.identities && var.provider == "consul" ? ["consul"] : []
        content {
          aud = ["consul.io"]
          ttl = "1h"
        }
      }

      check {
        type     = "http"
        path     = "/api/v1/info"
        interval = "10s"
        timeout  = "3s"
      }
    }

    task "netdata" {
      driver = "docker"

      config {
        image        = var.image
        network_mode = "host"
        pid_mode     = "host"
        cap_add      = ["SYS_PTRACE"]
        security_opt = ["no-new-privileges"]
        volumes = [
          "/proc:/host/proc:ro",
          "/sys:/host/sys:ro",
          "/etc/os-release:/host/etc/os-release:ro",
          "local/prometheus.conf:/etc/netdata/go.d/prometheus.conf:ro",
        ]
      }

      env {
        DISABLE_TELEMETRY = "1"
      }

      # Both are asked on loopback. Where they do not run Netdata finds nothing, and looks again every minute.
      template {
        destination     = "local/prometheus.conf"
        left_delimiter  = "@{"
        right_delimiter = "}@"
        data            = <<-EOT
          jobs:
            - name: portolan
              url: http://127.0.0.1:9532/metrics
              autodetection_retry: 60
            - name: traefik
              url: http://127.0.0.1:8080/metrics
              autodetection_retry: 60
        EOT
      }

      resources {
        cpu        = 200
        memory     = 256
        memory_max = 512
      }
    }
  }
}
