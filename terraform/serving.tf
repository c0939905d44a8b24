module "serving" {
  source = "./modules/serving"

  name_prefix = local.name_prefix
}
