# Traefik on the nodes where portolan.nomad.hcl runs: it reads the chart from the same volume, and may not write there.

variable "image" {
  type        = string
  default     = "traefik:v3.6"
  description = "Traefik 3.6 or newer; portolan's setting traefik.version names the oldest that reads the chart"
}

variable "entry_points" {
  type        = map(string)
  default     = {}
  description = "further entry points, for TCP and UDP: { redis = \":6379\", dns = \":1053/udp\" }"
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

job "traefik" {
  type     = "system"
  priority = 90

  constraint {
    attribute = "${meta.edge}"
    value     = "true"
  }

  update {
    max_parallel     = 1
    min_healthy_time = "10s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "traefik" {
    network {
      mode = "host"
      port "web" {
        static = 80
      }
      port "websecure" {
        static = 443
      }
      # Traefik's API, on loopback and outside the dynamic range: portolan asks it what became of the chart.
      port "traefik_api" {
        static = 8080
      }
    }

    volume "chart" {
      type      = "host"
      source    = "traefik-dynamic"
      read_only = true
    }

    # The routes are in a file: a node that has lost all servers goes on serving them.
    disconnect {
      lost_after = "24h"
      replace    = false
      reconcile  = "keep_original"
    }

    # Whatever balances over several Traefiks learns that this one leaves before it does.
    shutdown_delay = "5s"

    service {
      name     = "traefik"
      port     = "web"
      provider = var.provider

      dynamic "identity" {
        for_each = var.identities && var.provider == "consul" ? ["consul"] : []
        content {
          aud = ["consul.io"]
          ttl = "1h"
        }
      }

      check {
        type     = "tcp"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "traefik" {
      driver = "docker"

      config {
        image        = var.image
        network_mode = "host"
        args         = ["--configfile=${NOMAD_TASK_DIR}/traefik.yml"]
        security_opt = ["no-new-privileges"]
      }

      volume_mount {
        volume      = "chart"
        destination = "/etc/traefik/dynamic"
        read_only   = true
      }

      # deploy/traefik.yml explains it. asDefault: routers that name no entry point get these two, and no other.
      template {
        destination     = "local/traefik.yml"
        left_delimiter  = "@{"
        right_delimiter = "}@"
        data            = <<-EOT
          entryPoints:
            web: { address: ":80", asDefault: true }
            websecure: { address: ":443", asDefault: true, http: { tls: {} } }
            traefik: { address: "127.0.0.1:8080" }
            ${indent(2, join("\n", [for name, address in var.entry_points : "${name}: { address: '${address}' }"]))}
          api: { insecure: true, dashboard: false }
          metrics: { prometheus: { entryPoint: traefik } }
          providers:
            providersThrottleDuration: 500ms
            file: { directory: /etc/traefik/dynamic, watch: true }
        EOT
      }

      kill_signal  = "SIGTERM"
      kill_timeout = "30s"

      resources {
        cpu        = 500
        memory     = 256
        memory_max = 1024
      }
    }
  }
}
