//! Which role a person has: by login name, by group, or by being the one the engine belongs to.

use std::collections::BTreeMap;

use super::actor::Role;

/// Somebody the user database knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The login name.
    pub name: String,
    /// Names of the groups, the primary one included.
    pub groups: Vec<String>,
}

/// The user database of the machine.
pub trait Directory: Send + Sync {
    /// Who has this user id; `None` = nobody is known by it.
    fn by_uid(&self, uid: u32) -> Option<Login>;
    /// Who has this login name.
    fn by_name(&self, name: &str) -> Option<Login>;
    /// What a group is called, for words; `None` = it has no name, or none is known here.
    fn group(&self, _gid: u32) -> Option<String> {
        None
    }
}

/// `[roles]` of the configuration. Nothing said = a personal engine: its owner governs it, anybody else who may connect
/// only looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// By login name. A name that stands here has this role and no other, also the engine's owner.
    pub users: BTreeMap<String, Role>,
    /// By group. Of several the highest.
    pub groups: BTreeMap<String, Role>,
    /// Of everybody else who may connect; `None` = viewer.
    pub anybody: Option<Role>,
    /// Whose role uid 0 has; `None` = it only looks, because behind `sudo` there is no person.
    pub root_is: Option<String>,
}

impl Roles {
    /// True when nobody is given a role: the engine is its owner's alone.
    pub fn is_personal(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.anybody.is_none()
    }

    /// The role of somebody. `owns` = the engine runs as this user, who can write the store's files anyway.
    pub fn of(&self, login: &Login, owns: bool) -> Role {
        if let Some(role) = self.users.get(&login.name) {
            return *role;
        }
        if owns {
            return Role::Admin;
        }
        let by_group = login.groups.iter().filter_map(|g| self.groups.get(g)).max();
        by_group.copied().or(self.anybody).unwrap_or(Role::Viewer)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::by_name("ana", &["ops", "leads"], false, Role::Trafficker)]
    #[case::the_owner_by_name("ana", &[], true, Role::Trafficker)]
    #[case::highest_group("ben", &["ops", "leads"], false, Role::Approver)]
    #[case::unknown_group("ben", &["games"], false, Role::Viewer)]
    #[case::the_owner("ben", &["ops"], true, Role::Admin)]
    fn a_name_is_stronger_than_ownership_and_that_than_groups(
        #[case] name: &str,
        #[case] groups: &[&str],
        #[case] owns: bool,
        #[case] expected: Role,
    ) {
        let roles = Roles {
            users: [("ana".to_owned(), Role::Trafficker)].into(),
            groups: [
                ("ops".to_owned(), Role::Trafficker),
                ("leads".to_owned(), Role::Approver),
            ]
            .into(),
            ..Roles::default()
        };
        let login = Login {
            name: name.to_owned(),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
        };
        assert_eq!(roles.of(&login, owns), expected);
    }
}
