#!/usr/bin/env bash
# Puts Penstock on Cloud Run, tells what runs there, and takes it away. deploy.sh --help tells more.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)
terraform_folder=$here/terraform
# Terraform reads it by itself, so that plain terraform commands work in that folder too.
choices=$terraform_folder/deployment.auto.tfvars

usage() {
  cat <<'TEXT'
Usage: deploy/cloud-run/deploy.sh COMMAND [OPTIONS]

  up        build and push the images, migrate the schema, make or change everything
  down      delete everything that up made
  status    what runs, and in which revision
  url       the gateway's address
  token     an identity token to call it with

Options (what is left out is taken from the last up, else found out):
  --project ID     default: gcloud's
  --region NAME    default: gcloud's run/region, else europe-west1
  --name PREFIX    of every resource; default: penstock
  --variant NAME   a file of terraform/variants, without .tfvars; default: addressed
  --tag TAG        of the images; default: the checkout's commit
  --invoker MEMBER who may call, as an IAM member; may be repeated; default: gcloud's account
  --public         everybody may call, nobody checks who; undone by --invoker
  --no-build       the images with that tag are in the registry already
  --yes            do not ask before changing or deleting
  --dry-run        print every command that would change something, run none
TEXT
}

fail() {
  echo "deploy.sh: $*" >&2
  exit 1
}

# Runs what changes something, or prints it as it could be typed.
run() {
  if [ -n "$dry_run" ]; then
    printf '%q ' "$@"
    printf '\n'
  else
    "$@"
  fi
}

need() {
  local tool
  for tool in "$@"; do
    [ -n "$dry_run" ] || command -v "$tool" >/dev/null || fail "needs $tool on PATH"
  done
}

# What was chosen at the last up; empty if it was not.
chosen() {
  [ -f "$choices" ] || return 0
  sed -n "s/^$1 *= \"\(.*\)\"$/\1/p" "$choices"
}

configured() { # a value of gcloud's own configuration; empty without one
  command -v gcloud >/dev/null || return 0
  gcloud config get "$1" 2>/dev/null || true
}

find_out() {
  project=${project:-$(chosen project)}
  project=${project:-$(configured project)}
  [ -n "$project" ] || fail "no project: name one with --project, or set gcloud's"
  region=${region:-$(chosen region)}
  region=${region:-$(configured run/region)}
  region=${region:-europe-west1}
  name=${name:-$(chosen name)}
  name=${name:-penstock}
  if [ -z "$variant" ]; then
    [ -f "$choices" ] && variant=$(sed -n 's/^# variant: //p' "$choices")
    variant=${variant:-addressed}
  fi
  variant_file=$terraform_folder/variants/$variant.tfvars
  [ -f "$variant_file" ] || fail "there is no variant $variant; there are: $(cd "$terraform_folder/variants" && echo ./*.tfvars | sed 's:\./::g; s:\.tfvars::g')"
  tag=${tag:-$(git -C "$checkout" rev-parse --short=12 HEAD 2>/dev/null || echo latest)}
  find_callers
  registry=$region-docker.pkg.dev/$project/$name
}

# The lines that say who may call: as typed, else as at the last up, else who types.
find_callers() {
  if [ -n "$public" ]; then
    callers="public = true"
  elif [ "${#invokers[@]}" -gt 0 ]; then
    callers="invokers = [$(quoted_list "${invokers[@]}")]"
  elif [ -f "$choices" ]; then
    callers=$(grep -E '^(public|invokers) = ' "$choices" || true)
  else
    local account
    account=$(configured account)
    case $account in
      '') callers="invokers = []" ;;
      *.gserviceaccount.com) callers="invokers = [\"serviceAccount:$account\"]" ;;
      *) callers="invokers = [\"user:$account\"]" ;;
    esac
  fi
}

# A variable of the variant; empty if it leaves that to its default.
of_variant() {
  sed -n "s/^$1 *= \"\(.*\)\"$/\1/p" "$variant_file"
}

quoted_list() {
  local separator='' member
  for member in "$@"; do
    printf '%s"%s"' "$separator" "$member"
    separator=', '
  done
}

write_choices() {
  if [ -n "$dry_run" ]; then
    echo "# would write ${choices#"$checkout"/}"
    return
  fi
  {
    echo "# Written by deploy.sh up."
    echo "# variant: $variant"
    echo "project = \"$project\""
    echo "region = \"$region\""
    echo "name = \"$name\""
    echo "images = \"$tag\""
    echo "$callers"
    grep -v '^#' "$variant_file"
  } >"$choices"
}

terraform_apply() {
  run terraform -chdir="$terraform_folder" apply -input=false "${approve[@]}" "$@"
}

build_and_push() {
  run gcloud auth configure-docker "$region-docker.pkg.dev" --quiet
  run "$checkout/mvnw" -f "$checkout/pom.xml" -q -B -ntp -Pimages -DskipTests package
  image "$tag" gateway
  image "$tag" session-service
  image "$tag" inference-proxy
  if [ -z "$(of_variant model_image)" ]; then
    local model
    model=$(of_variant model)
    # One tag per model, as Terraform names it: its weights are inside.
    image "$tag-${model//[^a-zA-Z0-9_.-]/-}" ollama-backend --build-arg "MODEL=$model"
  fi
}

image() { # TAG IMAGE [OPTION of docker build]...
  local image_tag=$1 image=$2
  shift 2
  run env "IMAGE_PREFIX=$registry/penstock-" "IMAGE_TAG=$image_tag" "$checkout/deploy/images/build" "$image" -- "$@"
  run docker push "$registry/penstock-$image:$image_tag"
}

up() {
  need terraform gcloud docker git java
  [ "$callers" != "public = true" ] || echo "deploy.sh: everybody will be able to call the gateway" >&2
  write_choices
  run terraform -chdir="$terraform_folder" init -input=false
  # In three steps, because images need their registry, and services a schema.
  terraform_apply -target=google_artifact_registry_repository.images
  [ -n "$no_build" ] || build_and_push
  terraform_apply -target=google_cloud_run_v2_job.migrate
  run gcloud run jobs execute "$name-migrate" --project "$project" --region "$region" --wait
  terraform_apply
  [ -n "$dry_run" ] || echo "The gateway is at $(terraform -chdir="$terraform_folder" output -raw url)"
}

down() {
  need terraform
  [ -n "$dry_run" ] || [ -f "$choices" ] || fail "nothing was put up from this checkout: $choices is not there"
  run terraform -chdir="$terraform_folder" destroy -input=false "${approve[@]}"
  run rm -f "$choices"
}

status() {
  need gcloud
  run gcloud run services list --project "$project" --region "$region" --filter "metadata.name~^$name-" \
    --format "table(metadata.name, status.latestReadyRevisionName, status.conditions[0].status:label=READY, status.url)"
  run gcloud run jobs executions list --project "$project" --region "$region" --job "$name-migrate" --limit 3
}

url() {
  need gcloud
  run gcloud run services describe "$name-gateway" --project "$project" --region "$region" --format 'value(status.url)'
}

token() {
  need gcloud
  run gcloud auth print-identity-token
}

command=${1:-}
[ $# -eq 0 ] || shift
project='' region='' name='' variant='' tag='' public='' no_build='' dry_run=''
invokers=()
approve=()
while [ $# -gt 0 ]; do
  case $1 in
    --project | --region | --name | --variant | --tag | --invoker)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case $1 in
        --project) project=$2 ;;
        --region) region=$2 ;;
        --name) name=$2 ;;
        --variant) variant=$2 ;;
        --tag) tag=$2 ;;
        --invoker) invokers+=("$2") ;;
      esac
      shift
      ;;
    --public) public=yes ;;
    --no-build) no_build=yes ;;
    --yes) approve=(-auto-approve) ;;
    --dry-run) dry_run=yes ;;
    --help | -h) command=--help ;;
    *) fail "does not know \"$1\"; see deploy.sh --help" ;;
  esac
  shift
done

case $command in
  up | down | status | url | token)
    find_out
    "$command"
    ;;
  --help | -h | help) usage ;;
  '')
    usage >&2
    exit 2
    ;;
  *) fail "does not know \"$command\"; see deploy.sh --help" ;;
esac
