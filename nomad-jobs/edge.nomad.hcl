# Traefik and portolan as two tasks of one group, which share the allocation's own directory: nothing has to be prepared on the
# node. The way to try it, and good for small sites. Its price: a new version of either restarts both, and on another node the
# state begins anew. portolan.nomad.hcl and traefik.nomad.hcl are the same on volumes of the host. Needs Nomad 1.8 or newer.

variable "catalog" {
  type        = string
  default     = "consul"
  description = "where services are registered: consul or nomad"
  validation {
    condition     = contains(["consul", "nomad"], var.catalog)
    error_message = "The catalog must be consul or nomad."
  }
}

variable "identities" {
  type        = bool
  default     = false
  description = "true where Consul has ACLs. A Consul without them refuses any identity (401, ACL support disabled)"
}

variable "image" {
  type        = string
  default     = "portolan:0.1.0"
  description = "built from this repository's Dockerfile, present on the node or in your registry"
}

variable "traefik_image" {
  type    = string
  default = "traefik:v3.6"
}

variable "entry_points" {
  type        = map(string)
  default     = {}
  description = "further entry points, for TCP and UDP: { redis = \":6379\", dns = \":1053/udp\" }"
}

locals {
  nomad = "{ address: 'unix://@{ env `NOMAD_SECRETS_DIR` }@/api.sock', tokenFile: '@{ env `NOMAD_SECRETS_DIR` }@/nomad_token' }"
  catalogs = {
    consul = "consul: { address: 'http://127.0.0.1:8500' }\nschedulers: [${local.nomad}]"
    nomad  = "nomad: ${local.nomad}"
  }
}

job "edge" {
  type     = "service"
  priority = 80

  update {
    max_parallel     = 1
    min_healthy_time = "10s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "edge" {
    # One for each edge node: ports 80 and 443 keep them apart.
    count = 1

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
      port "portolan" {
        static = 9532
      }
    }

    # alloc/data moves with the allocation where it stays on its node: the chart and the last good catalog.
    ephemeral_disk {
      sticky = true
      size   = 300
    }

    disconnect {
      lost_after = "24h"
      replace    = false
      reconcile  = "keep_original"
    }

    shutdown_delay = "5s"

    service {
      name     = "traefik"
      port     = "web"
      provider = var.catalog

      dynamic "identity" {
        for_each = var.identities && var.catalog == "consul" ? ["consul"] : []
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

    service {
      name     = "portolan"
      port     = "portolan"
      address  = "127.0.0.1"
      provider = var.catalog

      dynamic "identity" {
        for_each = var.identities && var.catalog == "consul" ? ["consul"] : []
        content {
          aud = ["consul.io"]
          ttl = "1h"
        }
      }

      check {
        type     = "http"
        path     = "/healthz"
        interval = "15s"
        timeout  = "3s"
      }
    }

    # The allocation's directory may be written by every user of the node's; the chart's directory by portolan's alone (1000).
    task "directory" {
      driver = "docker"

      lifecycle {
        hook = "prestart"
      }

      config {
        image      = var.traefik_image
        entrypoint = ["/usr/bin/install"]
        args       = ["-d", "-o", "1000", "-g", "1000", "-m", "0755", "${NOMAD_ALLOC_DIR}/data/dynamic"]
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }

    task "portolan" {
      driver = "docker"

      config {
        image           = var.image
        network_mode    = "host"
        readonly_rootfs = true
        cap_drop        = ["all"]
        security_opt    = ["no-new-privileges"]
        ulimit {
          core = "0"
        }
        args = ["run", "--log-format", "json"]
      }

      identity {
        file = true
      }

      dynamic "consul" {
        for_each = var.catalog == "consul" ? ["consul"] : []
        content {}
      }

      dynamic "identity" {
        for_each = var.identities && var.catalog == "consul" ? ["consul"] : []
        content {
          name = "consul_default"
          aud  = ["consul.io"]
          ttl  = "1h"
        }
      }

      # So that each command in the allocation finds the settings, and by them the portolan that runs.
      env {
        PORTOLAN_SETTINGS = "${NOMAD_TASK_DIR}/portolan.yml"
      }

      template {
        destination     = "local/portolan.yml"
        change_mode     = "signal"
        change_signal   = "SIGHUP"
        left_delimiter  = "@{"
        right_delimiter = "}@"
        data            = <<-EOT
          output: { file: '@{ env `NOMAD_ALLOC_DIR` }@/data/dynamic/portolan.yml' }
          stateDir: '@{ env `NOMAD_ALLOC_DIR` }@/data/portolan'
          listen: '127.0.0.1:@{ env `NOMAD_PORT_portolan` }@'
          ${local.catalogs[var.catalog]}
          traefik: { defaultEntryPoints: [web, websecure], api: 'http://127.0.0.1:8080' }
        EOT
      }

      kill_signal  = "SIGTERM"
      kill_timeout = "15s"

      resources {
        cpu        = 200
        memory     = 192
        memory_max = 384
      }
    }

    task "traefik" {
      driver = "docker"

      config {
        image        = var.traefik_image
        network_mode = "host"
        args         = ["--configfile=${NOMAD_TASK_DIR}/traefik.yml"]
        security_opt = ["no-new-privileges"]
      }

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
            file: { directory: '@{ env `NOMAD_ALLOC_DIR` }@/data/dynamic', watch: true }
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
