data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

module "security" {
  source = "./modules/security"

  name_prefix         = local.name_prefix
  account_guards      = var.account_guards
  deletion_protection = var.deletion_protection
}

module "alerting" {
  source = "./modules/alerting"

  name_prefix = local.name_prefix
  emails      = var.alarm_emails
  kms_key_arn = module.security.kms_key_arn
}

module "network" {
  source = "./modules/network"

  name_prefix         = local.name_prefix
  alarm_topic_arn     = module.alerting.topic_arn
  kms_key_arn         = module.security.kms_key_arn
  log_retention_days  = var.log_retention_days
  cidr                = var.cidr
  interface_endpoints = var.interface_endpoints
  nat                 = var.nat
  zones               = slice(sort(data.aws_availability_zones.available.names), 0, 3)
}

module "ingestion" {
  source = "./modules/ingestion"

  name_prefix         = local.name_prefix
  alarm_topic_arn     = module.alerting.topic_arn
  deletion_protection = var.deletion_protection
  kms_key_arn         = module.security.kms_key_arn
  log_retention_days  = var.log_retention_days
  events              = local.events
  scaler_package      = try(local.packages["shard-scaler"], null)
  shards              = var.shards
  stream_mode         = var.stream_mode
}

module "lake" {
  source = "./modules/lake"

  name_prefix         = local.name_prefix
  alarm_topic_arn     = module.alerting.topic_arn
  deletion_protection = var.deletion_protection
  kms_key_arn         = module.security.kms_key_arn
  log_retention_days  = var.log_retention_days
  events              = local.events
  keep_days           = var.lake_keep_days
  streams             = module.ingestion.streams
  transform_package   = try(local.packages["lake-transform"], null)
  views               = local.views
}

module "results" {
  source = "./modules/results"

  name_prefix             = local.name_prefix
  alarm_topic_arn         = module.alerting.topic_arn
  deletion_protection     = var.deletion_protection
  kms_key_arn             = module.security.kms_key_arn
  models                  = local.models
  publisher_function_arn  = module.serving.publisher.arn
  publisher_function_name = module.serving.publisher.name
  publisher_role_name     = module.serving.publisher.role_name
  streams                 = module.ingestion.streams
}

module "stream_processing" {
  source = "./modules/stream_processing"

  name_prefix             = local.name_prefix
  alarm_topic_arn         = module.alerting.topic_arn
  kms_key_arn             = module.security.kms_key_arn
  log_retention_days      = var.log_retention_days
  apps                    = local.apps
  artifacts_bucket        = module.lake.buckets["artifacts"]
  auto_scaling            = var.flink_auto_scaling
  mini_batch_milliseconds = var.mini_batch_milliseconds
  packages                = local.flink_packages
  parallelism             = var.flink_parallelism
  runtime                 = var.flink_runtime
  start                   = !var.emulator
  starts                  = var.flink_starts
  streams                 = module.ingestion.streams
  tables                  = module.results.tables
}

module "batch" {
  source = "./modules/batch"

  name_prefix        = local.name_prefix
  alarm_topic_arn    = module.alerting.topic_arn
  kms_key_arn        = module.security.kms_key_arn
  log_retention_days = var.log_retention_days
  artifacts_bucket   = module.lake.buckets["artifacts"]
  glue_database_name = module.lake.glue_database_name
  jobs               = local.jobs
  lake_bucket        = module.lake.buckets["lake"]
  packages           = local.glue_packages
  tables             = module.results.tables
}

module "monitoring" {
  source = "./modules/monitoring"

  name_prefix      = local.name_prefix
  alarm_topic_arn  = module.alerting.topic_arn
  alarms           = local.alarms
  applications     = module.stream_processing.applications
  budget_emails    = var.alarm_emails
  budget_usd       = var.budget_usd
  delivery_streams = module.lake.delivery_streams
  events           = local.events
  models           = local.models
  project_tag      = { key = "NamePrefix", value = local.name_prefix }
  serving          = module.serving.names
}
