variable "alarm_topic_arn" {
  description = "SNS topic that alarms publish to."
  type        = string
}

variable "cold_after_days" {
  description = "When a file of the lake moves to Glacier Instant Retrieval."
  type        = number
  default     = 120

  validation {
    condition     = var.cold_after_days >= var.warm_after_days + 30
    error_message = "cold_after_days: at least 30 days after warm_after_days, the least that S3 bills a file in Infrequent Access."
  }
}

variable "deletion_protection" {
  description = "Whether a bucket that holds files is kept when it is destroyed."
  type        = bool
  default     = true
}

variable "delivery_seconds" {
  description = "How long Firehose collects events before it writes a file: longer makes fewer, larger ones."
  type        = number
  default     = 300

  validation {
    condition     = var.delivery_seconds >= 60 && var.delivery_seconds <= 900
    error_message = "delivery_seconds: from 60 to 900."
  }
}

variable "events" {
  description = "Event contracts by name, from the manifest: the columns of their tables."
  type = map(object({
    stream = string
    lake = object({
      columns = list(object({
        name    = string
        type    = string
        comment = optional(string)
      }))
    })
  }))

  validation {
    condition     = alltrue([for event in var.events : length("${var.name_prefix}-lake-${event.stream}") <= 64])
    error_message = "events: a delivery stream's name with its prefix is longer than the 64 characters that Firehose takes. Shorten name_prefix or the event's name."
  }
}

variable "keep_days" {
  description = "How long events are kept in the lake."
  type        = number
  default     = 730

  validation {
    condition     = var.keep_days >= var.cold_after_days + 90
    error_message = "keep_days: at least 90 days after cold_after_days, the least that Glacier Instant Retrieval bills a file."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the buckets, the delivery and the logs."
  type        = string
}

variable "late_minutes" {
  description = "How old the oldest undelivered event may be before the alarm."
  type        = number
  default     = 30

  validation {
    condition     = var.late_minutes * 60 >= 2 * var.delivery_seconds
    error_message = "late_minutes: at least twice delivery_seconds."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept, those in the bucket of logs included."
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

variable "query_limit_gib" {
  description = "How much one query of Athena may read ($5 a TB): a query that would read more is stopped."
  type        = number
  default     = 100

  validation {
    condition     = var.query_limit_gib >= 1 && var.query_limit_gib <= 10240
    error_message = "query_limit_gib: from 1 to 10240."
  }
}

variable "streams" {
  description = "Streams by event: ARN."
  type = map(object({
    arn = string
  }))

  validation {
    condition     = length(setsubtract(keys(var.events), keys(var.streams))) == 0
    error_message = "streams: none for ${join(", ", setsubtract(keys(var.events), keys(var.streams)))}, which the lake keeps."
  }
}

variable "transform_package" {
  description = "Zip of `transform/`, as the packages' index names it (`lake-transform`)."
  type = object({
    path   = string
    sha256 = string
  })
}

variable "views" {
  description = "Views by name: their SELECT in Athena's SQL and their columns. `$${database}` stands for the lake's database."
  type = map(object({
    sql = string
    columns = list(object({
      name    = string
      type    = string
      comment = optional(string)
    }))
  }))
  default = {}
}

variable "warm_after_days" {
  description = "When a file of the lake moves to Infrequent Access."
  type        = number
  default     = 30

  validation {
    condition     = var.warm_after_days >= 30
    error_message = "warm_after_days: 30 or more, as S3 demands."
  }
}
