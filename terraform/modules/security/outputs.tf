output "kms_key_alias" {
  description = "Alias of the key, for people."
  value       = aws_kms_alias.main.name
}

output "kms_key_arn" {
  description = "Key that encrypts all of this environment: `kms_key_arn` of the other modules."
  value       = aws_kms_key.main.arn
}

output "trail_arn" {
  description = "The account's trail, or null where another environment holds it."
  value       = one(values(aws_cloudtrail.account)[*].arn)
}
