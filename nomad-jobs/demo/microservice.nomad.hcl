# A microservice with four ports, each a service of its own: HTTP and gRPC are routed, gRPC by h2c; metrics and health are
# scraped and asked by address, and never routed, since they have no traefik.enable tag.

variable "image" {
  type        = string
  description = "your program; it takes its ports from the variables PORT_HTTP, PORT_GRPC, PORT_METRICS and PORT_HEALTH"
}

variable "provider" {
  type        = string
  default     = "consul"
  description = "where it is registered: consul or nomad"
}

job "orders" {
  type = "service"

  update {
    max_parallel     = 1
    min_healthy_time = "5s"
    healthy_deadline = "2m"
    auto_revert      = true
  }

  group "orders" {
    count = 2

    network {
      port "http" {}
      port "grpc" {}
      port "metrics" {}
      port "health" {}
    }

    shutdown_delay = "5s"

    service {
      name     = "orders"
      port     = "http"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        "traefik.http.routers.orders.rule=Host(`orders.lab.local`)",
      ]

      # One port tells of all four.
      check {
        type     = "http"
        port     = "health"
        path     = "/healthz"
        interval = "5s"
        timeout  = "2s"
      }
    }

    service {
      name     = "orders-grpc"
      port     = "grpc"
      provider = var.provider
      tags = [
        "traefik.enable=true",
        # Below the host of its own job, whose services may share it. gRPC's paths begin with the name of the service.
        "traefik.http.routers.orders-grpc.rule=Host(`orders.lab.local`) && PathPrefix(`/orders.v1.`)",
        # gRPC is HTTP/2 without TLS here. Browsers and clients reach Traefik by TLS.
        "traefik.http.services.orders-grpc.loadbalancer.server.scheme=h2c",
      ]

      check {
        type     = "http"
        port     = "health"
        path     = "/healthz"
        interval = "5s"
        timeout  = "2s"
      }
    }

    service {
      name     = "orders-metrics"
      port     = "metrics"
      provider = var.provider
      tags     = ["metrics"]
    }

    service {
      name     = "orders-health"
      port     = "health"
      provider = var.provider
    }

    task "orders" {
      driver = "docker"

      config {
        image = var.image
        ports = ["http", "grpc", "metrics", "health"]
      }

      env {
        PORT_HTTP    = "${NOMAD_PORT_http}"
        PORT_GRPC    = "${NOMAD_PORT_grpc}"
        PORT_METRICS = "${NOMAD_PORT_metrics}"
        PORT_HEALTH  = "${NOMAD_PORT_health}"
      }

      resources {
        cpu    = 200
        memory = 256
      }
    }
  }
}
