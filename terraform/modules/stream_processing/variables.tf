variable "alarm_topic_arn" {
  description = "SNS topic that alarms publish to."
  type        = string
}

variable "apps" {
  description = "Flink applications by name, from the manifest: the models they compute and the events they read."
  type = map(object({
    models  = list(string)
    sources = list(string)
  }))

  validation {
    condition     = alltrue([for app in keys(var.apps) : length("${var.name_prefix}-flink-${app}") <= 64])
    error_message = "apps: a role's name with its prefix is longer than the 64 characters that IAM takes. Shorten name_prefix or the app's name."
  }
}

variable "artifacts_bucket" {
  description = "Bucket that holds the applications' code: name and ARN."
  type = object({
    name = string
    arn  = string
  })
}

variable "auto_scaling" {
  description = "Whether AWS may raise and lower the parallelism with the load of the CPU."
  type        = bool
  default     = true
}

variable "behind_minutes" {
  description = "How far an application may be behind its streams before the alarm."
  type        = number
  default     = 2

  validation {
    condition     = var.behind_minutes >= 1 && var.behind_minutes <= 60
    error_message = "behind_minutes: from 1 to 60."
  }
}

variable "checkpoint_interval_seconds" {
  description = "What a crash has to read again."
  type        = number
  default     = 5

  validation {
    condition     = var.checkpoint_interval_seconds >= 1 && var.checkpoint_interval_seconds <= 600
    error_message = "checkpoint_interval_seconds: from 1 to 600."
  }
}

variable "kms_key_arn" {
  description = "Key of streams, tables, code and logs."
  type        = string
}

variable "log_level" {
  description = "What the applications log: INFO, WARN, ERROR or DEBUG. INFO tells why a job started from where."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "ERROR", "INFO", "WARN"], var.log_level)
    error_message = "log_level: choose DEBUG, ERROR, INFO or WARN."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
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

variable "name_prefix" {
  description = "Stands before every physical name, such as rta-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix: 3 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as rta-dev."
  }
}

variable "packages" {
  description = "Code by application: path of the zip and its SHA-256 in base64, from the packages' index (there `flink-<app>`)."
  type = map(object({
    path   = string
    sha256 = string
  }))

  validation {
    condition     = length(setsubtract(keys(var.apps), keys(var.packages))) == 0
    error_message = "packages: none for ${join(", ", setsubtract(keys(var.apps), keys(var.packages)))}. `make package` builds one for each application."
  }
}

variable "parallelism" {
  description = "Parallel tasks by application; one that is not named has `default`."
  type        = map(number)
  default     = { default = 1 }

  validation {
    condition     = contains(keys(var.parallelism), "default") && alltrue([for tasks in var.parallelism : tasks >= 1 && tasks <= 256])
    error_message = "parallelism: give `default`, and each from 1 to 256."
  }
}

variable "parallelism_per_kpu" {
  description = "Tasks that share a processing unit (1 vCPU, 4 GB): from 1 to 8."
  type        = number
  default     = 1

  validation {
    condition     = var.parallelism_per_kpu >= 1 && var.parallelism_per_kpu <= 8
    error_message = "parallelism_per_kpu: from 1 to 8."
  }
}

variable "runtime" {
  description = "Flink of the service. The connector's jar is built for 1.20."
  type        = string
  default     = "FLINK-1_20"

  validation {
    condition     = contains(["FLINK-1_19", "FLINK-1_20"], var.runtime)
    error_message = "runtime: choose FLINK-1_19 or FLINK-1_20; a 2.x needs another jar and loses the state."
  }
}

variable "start" {
  description = "Whether the applications are started. An emulator that only keeps their configuration needs false."
  type        = bool
  default     = true
}

variable "starts" {
  description = "From when an application writes windows, by application: TRIM_HORIZON or a time such as 2026-01-15T12:00:00Z. It belongs to the state: another value replaces the application, which begins without state and reads its streams from there. `make deploy` sets it when a plan changed."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for moment in var.starts : moment == "TRIM_HORIZON" || can(formatdate("YYYY", moment))
    ])
    error_message = "starts: each is TRIM_HORIZON or a time with its zone such as 2026-01-15T12:00:00Z."
  }
}

variable "streams" {
  description = "Streams by event: name and ARN."
  type = map(object({
    name = string
    arn  = string
  }))

  validation {
    condition     = length(setsubtract(flatten(values(var.apps)[*].sources), keys(var.streams))) == 0
    error_message = "streams: none for ${join(", ", setsubtract(flatten(values(var.apps)[*].sources), keys(var.streams)))}, which an application reads."
  }
}

variable "tables" {
  description = "Tables by model: name and ARN."
  type = map(object({
    name = string
    arn  = string
  }))

  validation {
    condition     = length(setsubtract(flatten(values(var.apps)[*].models), keys(var.tables))) == 0
    error_message = "tables: none for ${join(", ", setsubtract(flatten(values(var.apps)[*].models), keys(var.tables)))}, which an application computes."
  }
}

variable "vpc" {
  description = "Subnets and security groups to run in, or null: everything that a job calls is a public endpoint of AWS, and a VPC would add its endpoints' price."
  type = object({
    security_group_ids = set(string)
    subnet_ids         = set(string)
  })
  default = null
}
