locals {
  name_prefix = "${var.project}-${var.environment}"

  tags = {
    Environment = var.environment
    ManagedBy   = "terraform"
    NamePrefix  = local.name_prefix
    Project     = var.project
  }

  # The only two files of the project that are read. That they are there and of the right version is checked
  # where `build_directory` is declared; the empty ones let that message stand alone.
  manifest = try(jsondecode(file("${var.build_directory}/manifest.json")), { events = {}, models = {}, apps = {} })
  index    = try(jsondecode(file("${var.build_directory}/packages/index.json")), { packages = {} })

  events = local.manifest.events
  models = local.manifest.models
  apps   = local.manifest.apps
  jobs   = try(local.manifest.jobs, {})
  views  = try(local.manifest.views, {})

  packages = {
    for name, package in local.index.packages : name => {
      path   = "${var.build_directory}/packages/${package.file}"
      sha256 = package.sha256
    }
  }
  flink_packages = { for app in keys(local.apps) : app => local.packages["flink-${app}"] if can(local.packages["flink-${app}"]) }
  glue_packages  = { for job in keys(local.jobs) : job => local.packages["glue-${job}"] if can(local.packages["glue-${job}"]) }

  alarms = merge([
    for part, alarms in {
      batch             = module.batch.alarms
      ingestion         = module.ingestion.alarms
      lake              = module.lake.alarms
      network           = module.network.alarms
      results           = module.results.alarms
      serving           = module.serving.alarms
      stream_processing = module.stream_processing.alarms
    } : { for key, alarm in alarms : "${part}/${key}" => alarm }
  ]...)
}
