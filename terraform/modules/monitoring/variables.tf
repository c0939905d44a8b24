variable "alarm_topic_arn" {
  description = "SNS topic that the alarms on symptoms publish to."
  type        = string
}

variable "alarms" {
  description = "Alarms of all modules by key: name and the symptom that a user would notice. The keys must differ between modules."
  type = map(object({
    name    = string
    symptom = string
  }))

  validation {
    condition = alltrue([
      for alarm in var.alarms :
      contains(["api_errors", "api_slow", "cost", "ingest_loss", "page_down", "stale_numbers"], alarm.symptom)
    ])
    error_message = "alarms: a symptom is one of api_errors, api_slow, cost, ingest_loss, page_down, stale_numbers."
  }
}

variable "applications" {
  description = "Flink applications by name: physical name."
  type = map(object({
    name = string
  }))
  default = {}
}

variable "budget_emails" {
  description = "Addresses that are told about the budget, beside the topic."
  type        = set(string)
  default     = []
}

variable "budget_usd" {
  description = "What everything with this `name_prefix` may cost a month, in US dollars; 0: no budget is watched."
  type        = number

  validation {
    condition     = var.budget_usd >= 0
    error_message = "budget_usd: 0 or more US dollars a month."
  }
}

variable "delivery_streams" {
  description = "Names of the Firehose delivery streams by event."
  type        = map(string)
  default     = {}
}

variable "events" {
  description = "Event contracts by name, from the manifest: the suffix of the stream."
  type = map(object({
    stream = string
  }))
}

variable "models" {
  description = "Models by name, from the manifest: what the dashboards show of each."
  type = map(object({
    kind     = string
    question = optional(string, "")
    sources  = optional(list(string), [])
    table = optional(object({
      name = string
    }))
  }))
}

variable "name_prefix" {
  description = "Stands before every physical name, such as rta-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix: 3 to 24 lower-case letters, digits and hyphens, beginning with a letter, such as rta-dev."
  }
}

variable "project_tag" {
  description = "Tag (key and value) that everything of this environment carries: the budget counts only that."
  type = object({
    key   = string
    value = string
  })
}

variable "serving" {
  description = "Names of the serving parts; what is null is not shown."
  type = object({
    api_name        = optional(string)
    stage_name      = optional(string)
    cache_name      = optional(string)
    distribution_id = optional(string)
    function_names  = optional(map(string), {})
    websocket_id    = optional(string)
  })
  default = {}
}
