//! `[roles]` and `[approvals]`: who may do what, and who has to agree.
//!
//! Why the file is looked at: whoever can write it can give themselves every role, so an engine that hands out roles
//! reads them only from a file that nobody but its owner (or root) can change.

use std::{collections::BTreeMap, os::unix::fs::MetadataExt as _, path::Path};

use serde::{Deserialize, Serialize};

use super::values::Amount;
use crate::engine::{
    model::{actor::Role, approval::ApprovalRule, code::Code, platform::PlatformId, roles::Roles, ticket::RequestType},
    policy::Approvals,
};

/// `[roles]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RolesSection {
    /// By login name.
    pub users: BTreeMap<String, Role>,
    /// By group.
    pub groups: BTreeMap<String, Role>,
    /// Everybody else's.
    pub anybody: Option<Role>,
    /// Whose hand uid 0 is.
    pub root_is: Option<String>,
}

/// `[approvals]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalsSection {
    /// People may approve their own work.
    pub single_operator: Option<bool>,
    /// `[approvals.rules.<rule>]`.
    pub rules: BTreeMap<String, RuleSection>,
}

/// `[approvals.rules.<rule>]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSection {
    /// How many have to agree.
    pub needs: u32,
    /// Only these brands.
    #[serde(default)]
    pub brands: Vec<Code>,
    /// Only these markets.
    #[serde(default)]
    pub markets: Vec<Code>,
    /// Only these platforms.
    #[serde(default)]
    pub platforms: Vec<PlatformId>,
    /// Only these request types.
    #[serde(default)]
    pub requests: Vec<RequestType>,
    /// Only daily budgets above this.
    pub daily_above: Option<Amount>,
    /// Only lifetime budgets above this.
    pub lifetime_above: Option<Amount>,
}

impl RolesSection {
    /// As the host needs it.
    pub fn roles(self) -> Roles {
        Roles {
            users: self.users,
            groups: self.groups,
            anybody: self.anybody,
            root_is: self.root_is,
        }
    }
}

impl ApprovalsSection {
    /// As decisions need it.
    pub fn approvals(self) -> Approvals {
        let rule = |(name, r): (String, RuleSection)| ApprovalRule {
            name,
            approvals: r.needs,
            brands: r.brands,
            markets: r.markets,
            platforms: r.platforms,
            requests: r.requests,
            daily_above: r.daily_above.map(|a| a.0),
            lifetime_above: r.lifetime_above.map(|a| a.0),
        };
        Approvals {
            rules: self.rules.into_iter().map(rule).collect(),
            single_operator: self.single_operator.unwrap_or_default(),
        }
    }
}

/// What single values cannot know: field, reason, remedy of the first problem.
pub(super) fn problem(roles: &Roles, approvals: &Approvals) -> Option<(String, &'static str, &'static str)> {
    if approvals.single_operator && !roles.is_personal() {
        return Some((
            "approvals.single_operator".to_owned(),
            "lets people approve their own work although [roles] names several people",
            "leave it out: where there is a team, somebody else can look",
        ));
    }
    let odd = approvals.rules.iter().find(|r| !(1..=2).contains(&r.approvals))?;
    Some((
        format!("approvals.rules.{}.needs", odd.name),
        "must be 1 or 2",
        "leave the rule out if nobody has to agree",
    ))
}

/// Refuses a file that others than the engine's owner and root can write.
pub(super) fn trusted(path: &Path, owner: u32) -> Result<(), String> {
    let look = |at: &Path| std::fs::metadata(at).map_err(|e| format!("{}: {e}", at.display()));
    let file = look(path)?;
    if file.uid() != owner && file.uid() != 0 {
        return Err(format!(
            "{} gives out roles and belongs to uid {}; it must belong to the user the engine runs as, or to root: \
             run `chown` on it",
            path.display(),
            file.uid()
        ));
    }
    if file.mode() & 0o022 != 0 {
        return Err(format!(
            "{} gives out roles and others than its owner may write it; run `chmod go-w` on it",
            path.display()
        ));
    }
    // Whoever may write the directory may put another file in its place.
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    let dir = look(parent)?;
    let sticky = dir.mode() & 0o1000 != 0;
    if dir.mode() & 0o022 != 0 && !sticky {
        return Err(format!(
            "{} holds the file that gives out roles and others than its owner may write there; run `chmod go-w` on it",
            parent.display()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn a_file_others_can_write_gives_out_no_roles() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "").unwrap();
        let owner = std::fs::metadata(&path).unwrap().uid();
        let mode = |at: &Path, mode| std::fs::set_permissions(at, Permissions::from_mode(mode)).unwrap();
        mode(&path, 0o644);
        mode(dir.path(), 0o755);
        assert_eq!(trusted(&path, owner), Ok(()));
        mode(&path, 0o664);
        assert!(trusted(&path, owner).unwrap_err().contains("chmod go-w"));
        mode(&path, 0o640);
        mode(dir.path(), 0o775);
        assert!(trusted(&path, owner).unwrap_err().contains("may write there"));
        mode(dir.path(), 0o755);
        // Root's files are everybody's to trust, so this needs another owner.
        if owner != 0 {
            assert!(trusted(&path, owner + 1).unwrap_err().contains("chown"));
        }
        assert!(trusted(&dir.path().join("gone"), owner).is_err());
    }
}
