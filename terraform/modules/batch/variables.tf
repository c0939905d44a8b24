variable "alarm_topic_arn" {
  description = "SNS topic that alarms publish to."
  type        = string
}

variable "artifacts_bucket" {
  description = "Bucket that holds the jobs' code: name and ARN."
  type = object({
    name = string
    arn  = string
  })
}

variable "glue_database_name" {
  description = "Database of the lake's tables, which jobs read."
  type        = string
}

variable "jobs" {
  description = "Batch jobs by name, from the manifest: when they run (an expression of EventBridge such as cron(15 * * * ? *), or none), on what, and the models whose tables they correct."
  type = map(object({
    arguments       = optional(map(string), {})
    models          = optional(set(string), [])
    schedule        = optional(string)
    timeout_minutes = optional(number, 60)
    worker_type     = optional(string, "G.1X")
    workers         = optional(number, 2)
  }))
  default = {}

  validation {
    condition     = alltrue([for job in keys(var.jobs) : length("${var.name_prefix}-glue-${job}") <= 64])
    error_message = "jobs: a role's name with its prefix is longer than the 64 characters that IAM takes. Shorten name_prefix or the job's name."
  }
  validation {
    condition     = alltrue([for job in var.jobs : contains(["G.025X", "G.1X", "G.2X", "G.4X"], job.worker_type)])
    error_message = "jobs: worker_type is one of G.025X, G.1X, G.2X, G.4X."
  }
}

variable "kms_key_arn" {
  description = "Key of buckets, tables and logs."
  type        = string
}

variable "lake_bucket" {
  description = "Bucket of the lake, which jobs read and write: name and ARN."
  type = object({
    name = string
    arn  = string
  })
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
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
  description = "Script by job: path and SHA-256 in base64, from the packages' index (there `glue-<job>`)."
  type = map(object({
    path   = string
    sha256 = string
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.jobs), keys(var.packages))) == 0
    error_message = "packages: none for ${join(", ", setsubtract(keys(var.jobs), keys(var.packages)))}. `make package` builds one for each job."
  }
}

variable "tables" {
  description = "Tables by model: ARN."
  type = map(object({
    arn = string
  }))
  default = {}

  validation {
    condition     = length(setsubtract(flatten([for job in var.jobs : tolist(job.models)]), keys(var.tables))) == 0
    error_message = "tables: a job names a model without one: ${join(", ", setsubtract(flatten([for job in var.jobs : tolist(job.models)]), keys(var.tables)))}."
  }
}
