output "backend" {
  description = "What `terraform init -backend-config=...` of the root takes; the key is the environment's: `<environment>/terraform.tfstate`."
  value = {
    bucket = aws_s3_bucket.state.id
    region = var.region
  }
}
