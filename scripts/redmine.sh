#!/usr/bin/env bash
# A real Redmine 5 on loopback, for tests and for trying out a connection. Debian's packages; SQLite; no web server beside puma.
#
#   redmine.sh install   install the packages (as root); does nothing where they are installed
#   redmine.sh init      prepare a fresh instance with the sample data below, dropping an earlier one
#   redmine.sh start     start it and wait until it answers
#   redmine.sh stop | status
#   redmine.sh env       print URL and API keys as shell assignments
#
# Environment: REDMINE_DIR (default .run/redmine in the checkout; everything of the instance lies there), REDMINE_PORT (28180),
# REDMINE_ADMIN_KEY, REDMINE_AGENT_KEY, REDMINE_ANN_KEY, REDMINE_BOB_KEY (API keys: up to 40 letters and digits).
#
# Sample data: projects `sync` and `ops`, each with issue and time tracking; `agent` (Twinline's account) and `ann`, Managers, and `bob`, a Developer;
# text in CommonMark; Redmine's default trackers, statuses, priorities and workflow; an issue field `External ID`.
set -euo pipefail

readonly home=/usr/share/redmine
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly checkout
REDMINE_DIR=$(realpath -m "${REDMINE_DIR:-$checkout/.run/redmine}")
readonly REDMINE_DIR
export REDMINE_PORT=${REDMINE_PORT:-28180}
export REDMINE_ADMIN_KEY=${REDMINE_ADMIN_KEY:-adminkey0adminkey0adminkey0adminkey00000}
export REDMINE_AGENT_KEY=${REDMINE_AGENT_KEY:-agentkey0agentkey0agentkey0agentkey00000}
export REDMINE_ANN_KEY=${REDMINE_ANN_KEY:-annkey000annkey000annkey000annkey0000000}
export REDMINE_BOB_KEY=${REDMINE_BOB_KEY:-bobkey000bobkey000bobkey000bobkey0000000}
readonly url=http://127.0.0.1:$REDMINE_PORT
readonly pid_file=$REDMINE_DIR/pid

# Debian's Redmine looks for instances below /var/lib/redmine by name. Enough steps up make the name a way to any directory.
export REDMINE_INSTANCE=../../../../../../..$REDMINE_DIR
export RAILS_ENV=production LANG=C.UTF-8 SCHEMA=/dev/null

# libruby3.1 ships a bundler newer than Debian's own ruby-bundler. The newer one takes Debian's gems, which have no gem directory, for
# missing: Redmine's postinst fails and apt ends with 100. Naming Debian's patched version selects it.
select_bundler() {
  BUNDLER_VERSION=$(dpkg-query -W -f='${Version}' ruby-bundler 2>/dev/null || apt-cache show --no-all-versions ruby-bundler | sed -n 's/^Version: //p')
  export BUNDLER_VERSION=${BUNDLER_VERSION%%-*}
}

fail() {
  echo "redmine.sh: $*" >&2
  exit 1
}

installed() {
  [[ -f $home/config.ru ]] && command -v puma >/dev/null && dpkg-query -W -f='${Status}' redmine-sqlite 2>/dev/null | grep -q '^install ok installed'
}

install_packages() {
  if installed; then
    echo "Redmine is installed in $home"
    return
  fi
  ((EUID == 0)) || fail "install needs root: run it with sudo"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -o DPkg::Lock::Timeout=600 update
  select_bundler
  apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends debconf
  debconf-set-selections <<-'ANSWERS'
	redmine redmine/instances/default/dbconfig-install boolean true
	redmine redmine/instances/default/database-type select sqlite3
	redmine redmine/instances/default/default-language select en
	ANSWERS
  apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends redmine redmine-sqlite puma ruby-sqlite3 curl </dev/null
}

in_redmine() {
  cd "$home"
  "$@"
}

running() {
  [[ -f $pid_file ]] && kill -0 "$(<"$pid_file")" 2>/dev/null
}

init_instance() {
  installed || fail "Redmine is not installed; run: $0 install"
  running && fail "the instance in $REDMINE_DIR is running; run: $0 stop"
  select_bundler
  rm -rf "$REDMINE_DIR"
  mkdir -p "$REDMINE_DIR"/{config,log,files,tmp,public/plugin_assets}
  cat >"$REDMINE_DIR/config/database.yml" <<-YAML
	production:
	  adapter: sqlite3
	  database: $REDMINE_DIR/redmine.db
	  encoding: utf8
	  timeout: 15000
	YAML
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$REDMINE_DIR/config/secret_key.txt"
  make_database >"$REDMINE_DIR/log/init.log" 2>&1 || fail "no database could be made; see $REDMINE_DIR/log/init.log"
  write_seed
  (in_redmine bundle exec rails runner "$REDMINE_DIR/seed.rb") || fail "the sample data could not be made"
}

# The installation left a migrated database with the default data; copying it saves about 15 seconds.
make_database() {
  local packaged=/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default
  if [[ -s $packaged && -r $packaged ]]; then
    cp "$packaged" "$REDMINE_DIR/redmine.db"
  else
    (REDMINE_LANG=en in_redmine bundle exec rake db:migrate redmine:load_default_data)
  fi
}

write_seed() {
  cat >"$REDMINE_DIR/seed.rb" <<-'RUBY'
	Redmine::DefaultData::Loader.load('en') if Redmine::DefaultData::Loader.no_data?
	{
	  'rest_api_enabled' => '1', 'default_language' => 'en', 'text_formatting' => 'common_mark', 'attachment_max_size' => '51200',
	  'login_required' => '0', 'default_users_hide_mail' => '0', 'host_name' => "127.0.0.1:#{ENV['REDMINE_PORT']}"
	}.each { |name, value| Setting[name] = value }

	def give_key(user, key)
	  Token.where(user_id: user.id, action: 'api').delete_all
	  Token.create!(user_id: user.id, action: 'api').update_column(:value, key)
	end

	def person(login, first, last, mail, key)
	  user = User.new(firstname: first, lastname: last, mail: mail, language: 'en', status: User::STATUS_ACTIVE)
	  user.login = login
	  user.password = "#{login}-of-acme"
	  user.mail_notification = 'none'
	  user.save!
	  user.pref.update!(hide_mail: false)
	  give_key(user, key)
	  user
	end

	admin = User.find_by_login('admin')
	admin.update_columns(must_change_passwd: false)
	give_key(admin, ENV['REDMINE_ADMIN_KEY'])
	manager = Role.find_by_name('Manager')
	manager.add_permission!(:view_private_notes, :set_notes_private, :edit_issue_notes, :edit_own_issue_notes)
	team = {
	  person('agent', 'Twin', 'Agent', 'agent@acme.test', ENV['REDMINE_AGENT_KEY']) => manager,
	  person('ann', 'Ann', 'Archer', 'ann@acme.test', ENV['REDMINE_ANN_KEY']) => manager,
	  person('bob', 'Bob', 'Baker', 'bob@acme.test', ENV['REDMINE_BOB_KEY']) => Role.find_by_name('Developer')
	}
	{ 'sync' => 'Sync', 'ops' => 'Operations' }.each do |identifier, name|
	  project = Project.new(name: name, identifier: identifier, is_public: true)
	  project.enabled_module_names = ['issue_tracking', 'time_tracking']
	  project.trackers = Tracker.all
	  project.save!
	  team.each { |user, role| Member.create!(project: project, principal: user, roles: [role]) }
	end
	IssueCustomField.create!(name: 'External ID', field_format: 'string', is_for_all: true, is_filter: true, trackers: Tracker.all)
	RUBY
}

start_server() {
  [[ -s $REDMINE_DIR/redmine.db ]] || fail "no instance in $REDMINE_DIR; run: $0 init"
  if running; then
    echo "already running on $url"
    return
  fi
  select_bundler
  (in_redmine exec setsid puma -e production -t 1:4 -b "tcp://127.0.0.1:$REDMINE_PORT" config.ru >"$REDMINE_DIR/log/puma.log" 2>&1 </dev/null) &
  echo $! >"$pid_file"
  local deadline=$((SECONDS + 120))
  until curl -fsS -o /dev/null "$url/projects.json" 2>/dev/null; do
    running || { tail -20 "$REDMINE_DIR/log/puma.log" >&2; fail "puma ended"; }
    ((SECONDS < deadline)) || { stop_server; fail "no answer on $url after 120 s; see $REDMINE_DIR/log/puma.log"; }
    sleep 0.2
  done
  echo "Redmine answers on $url"
}

stop_server() {
  if running; then
    local pid
    pid=$(<"$pid_file")
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  fi
  rm -f "$pid_file"
}

case ${1:-} in
install) install_packages ;;
init) init_instance ;;
start) start_server ;;
stop) stop_server ;;
status)
  running || { echo "not running"; exit 3; }
  echo "running on $url as process $(<"$pid_file"), instance in $REDMINE_DIR"
  ;;
env)
  echo "REDMINE_URL=$url"
  for name in ADMIN AGENT ANN BOB; do
    key=REDMINE_${name}_KEY
    echo "$key=${!key}"
  done
  ;;
*)
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
  exit 2
  ;;
esac
