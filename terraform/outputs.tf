output "api_url" {
  description = "Address of the API."
  value       = module.serving.api_url
}

output "applications" {
  description = "Flink applications by name: physical name, ARN, version."
  value       = module.stream_processing.applications
}

output "buckets" {
  description = "Buckets by part: name and ARN."
  value       = module.lake.buckets
}

output "collector_secret" {
  description = "Secret that `make deploy` fills, once: name and ARN."
  value       = module.ingestion.collector_secret
}

output "dashboards" {
  description = "CloudWatch dashboards by subject."
  value       = module.monitoring.dashboards
}

output "name_prefix" {
  description = "What stands before every physical name."
  value       = local.name_prefix
}

output "page_url" {
  description = "Address of the page."
  value       = module.serving.page_url
}

output "streams" {
  description = "Streams by event: name and ARN."
  value       = module.ingestion.streams
}

output "tables" {
  description = "Tables by model: name and ARN."
  value       = module.results.tables
}

output "websocket_url" {
  description = "Address that the page listens to."
  value       = module.serving.websocket_url
}
