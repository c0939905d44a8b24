variable "alarm_topic_arn" {
  description = "SNS topic that alarms publish to."
  type        = string
}

variable "batch_size" {
  description = "Most rows that the publisher takes at once."
  type        = number
  default     = 500

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10000
    error_message = "batch_size: from 1 to 10000."
  }
}

variable "batch_window_seconds" {
  description = "How long rows are collected for one call of the publisher. 0 is fastest; 1 makes fewer, dearer-to-miss calls."
  type        = number
  default     = 0

  validation {
    condition     = var.batch_window_seconds >= 0 && var.batch_window_seconds <= 5
    error_message = "batch_window_seconds: from 0 to 5; more would eat the freshness that the page promises."
  }
}

variable "deletion_protection" {
  description = "Whether a table can be deleted only after this was switched off."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "Key that encrypts tables and the dead-letter queue."
  type        = string
}

variable "models" {
  description = "Models by name, from the manifest. One without a `table` (a decision) stores nothing; `sources` are the events it counts."
  type = map(object({
    kind = string
    table = optional(object({
      name          = string
      partition_key = string
      sort_key      = optional(string)
      ttl_attribute = optional(string)
    }))
    sources = optional(list(string), [])
  }))

  validation {
    condition = alltrue([
      for model in var.models : model.table == null ? true : length("${var.name_prefix}-${model.table.name}") <= 255
    ])
    error_message = "models: a table's name with its prefix is longer than the 255 characters that DynamoDB takes. Shorten name_prefix or the model's name."
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

variable "publisher_function_arn" {
  description = "Lambda that takes the tables' changes."
  type        = string
}

variable "publisher_function_name" {
  description = "Name of that Lambda, for its alarms."
  type        = string
}

variable "publisher_role_name" {
  description = "Role of that Lambda. This module lets it read the streams and write the queue, before a mapping needs it."
  type        = string
}

variable "rarely_written_models" {
  description = "Models whose table may stay unchanged while their events come: they get no alarm for it."
  type        = set(string)
  default     = []
}

variable "silence_minutes" {
  description = "How long a metric's table may stay unchanged while its events come; 0 switches these alarms off. One costs $0.10 a month for its table and for each of its events."
  type        = number
  default     = 60

  validation {
    condition     = var.silence_minutes == 0 || (var.silence_minutes >= 10 && var.silence_minutes <= 1440)
    error_message = "silence_minutes: 0, or from 10 to 1440."
  }
}

variable "streams" {
  description = "Streams by event: the names are for the alarms on silence."
  type = map(object({
    name = string
  }))
  default = {}
}
