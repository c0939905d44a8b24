variable "account_guards" {
  description = "Whether this environment holds what exists once an account: CloudTrail and the block of public buckets."
  type        = bool
  default     = false
}

variable "alarm_emails" {
  description = "Addresses that are told of alarms and of the budget; each has to confirm once."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alarm_emails: each must be an address such as oncall@example.com."
  }
}

variable "budget_usd" {
  description = "What this environment may cost a month, in US dollars; 0: no budget is watched."
  type        = number
  default     = 5000

  validation {
    condition     = var.budget_usd >= 0
    error_message = "budget_usd: 0 or more US dollars a month."
  }
}

variable "build_directory" {
  description = "Where the compiler and the packager write, seen from this folder."
  type        = string
  default     = "../build"

  validation {
    condition     = fileexists("${var.build_directory}/manifest.json")
    error_message = "build_directory: there is no ${var.build_directory}/manifest.json. `pipeline build` writes it."
  }
  validation {
    condition     = !fileexists("${var.build_directory}/manifest.json") || try(jsondecode(file("${var.build_directory}/manifest.json")).manifest_version, 0) == 1
    error_message = "build_directory: ${var.build_directory}/manifest.json has manifest_version ${try(jsondecode(file("${var.build_directory}/manifest.json")).manifest_version, "(none)")}; this Terraform reads 1. Run `pipeline build` of the same checkout."
  }
  validation {
    condition     = fileexists("${var.build_directory}/packages/index.json")
    error_message = "build_directory: there is no ${var.build_directory}/packages/index.json. `python -m deploy.packages` writes it."
  }
  validation {
    condition     = !fileexists("${var.build_directory}/packages/index.json") || try(jsondecode(file("${var.build_directory}/packages/index.json")).index_version, 0) == 1
    error_message = "build_directory: ${var.build_directory}/packages/index.json has another index_version than 1. Run `python -m deploy.packages` of the same checkout."
  }
}

variable "cidr" {
  description = "Addresses of the VPC: a /16 to /20."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr: an IPv4 range from /16 to /20, such as 10.20.0.0/16."
  }
}

variable "deletion_protection" {
  description = "Whether tables, buckets and secrets that hold something are kept until this is switched off. `make destroy` needs it off."
  type        = bool
  default     = true
}

variable "emulator" {
  description = "Whether this is applied to an emulator of AWS (`AWS_ENDPOINT_URL`): then Flink applications are made but not started."
  type        = bool
  default     = false
}

variable "environment" {
  description = "Which environment: dev or prod. Names begin with `<project>-<environment>`."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment: choose dev or prod."
  }
}

variable "flink_auto_scaling" {
  description = "Whether AWS may raise and lower the Flink applications' parallelism with their load."
  type        = bool
  default     = true
}

variable "flink_parallelism" {
  description = "Parallel tasks by Flink application; one that is not named has `default`."
  type        = map(number)
  default     = { default = 1 }

  validation {
    condition     = contains(keys(var.flink_parallelism), "default") && alltrue([for tasks in var.flink_parallelism : tasks >= 1 && tasks <= 256])
    error_message = "flink_parallelism: give `default`, and each from 1 to 256."
  }
}

variable "flink_runtime" {
  description = "Flink of the service: FLINK-1_19 or FLINK-1_20."
  type        = string
  default     = "FLINK-1_20"

  validation {
    condition     = contains(["FLINK-1_19", "FLINK-1_20"], var.flink_runtime)
    error_message = "flink_runtime: choose FLINK-1_19 or FLINK-1_20; a 2.x needs another jar and loses the state."
  }
}

variable "flink_starts" {
  description = "From when a Flink application without state reads its streams, by application. `make deploy` sets it when a plan changed."
  type        = map(string)
  default     = {}
}

variable "interface_endpoints" {
  description = "AWS services reached by an interface endpoint instead of NAT, such as kinesis-streams: $21.90 a month each."
  type        = set(string)
  default     = []
}

variable "lake_keep_days" {
  description = "How long events are kept in the lake."
  type        = number
  default     = 730

  validation {
    condition     = var.lake_keep_days >= 210
    error_message = "lake_keep_days: 210 or more; files that go sooner cost more than they save on their way to cold storage."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days: choose 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
  }
}

variable "mini_batch_milliseconds" {
  description = "How often a row that keeps changing is written. Each write costs, each wait is seen on the page."
  type        = number
  default     = 1000

  validation {
    condition     = var.mini_batch_milliseconds >= 100 && var.mini_batch_milliseconds <= 10000
    error_message = "mini_batch_milliseconds: from 100 to 10000."
  }
}

variable "nat" {
  description = "NAT gateways for the pushes to browsers: ONE, PER_ZONE or NONE (no pushes)."
  type        = string
  default     = "ONE"

  validation {
    condition     = contains(["NONE", "ONE", "PER_ZONE"], var.nat)
    error_message = "nat: choose NONE, ONE or PER_ZONE."
  }
}

variable "project" {
  description = "What every name begins with."
  type        = string
  default     = "rta"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,17}[a-z0-9]$", var.project))
    error_message = "project: 3 to 19 lower-case letters, digits and hyphens, beginning with a letter, such as rta. Longer names of AWS would not fit."
  }
}

variable "region" {
  description = "Region of AWS, such as us-east-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: the name of a region of AWS, such as us-east-1 or eu-central-1."
  }
}

variable "remove_tables" {
  description = "Tables (physical names) that may be deleted with their rows, because their models are gone from the manifest."
  type        = set(string)
  default     = []
}

variable "shards" {
  description = "With stream_mode PROVISIONED, limits of an event's shards."
  type = map(object({
    min = optional(number, 1)
    max = optional(number, 8)
  }))
  default = {}
}

variable "stream_mode" {
  description = "ON_DEMAND (AWS sizes the streams) or PROVISIONED (shards, kept in step with the traffic by a scaler)."
  type        = string
  default     = "ON_DEMAND"

  validation {
    condition     = contains(["ON_DEMAND", "PROVISIONED"], var.stream_mode)
    error_message = "stream_mode: choose ON_DEMAND or PROVISIONED."
  }
}
