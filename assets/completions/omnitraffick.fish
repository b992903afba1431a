# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_omnitraffick_global_optspecs
    string join \n store= ephemeral config= json y/yes dry-run read-only fresh plain clipboard-cmd= theme= log-level= h/help V/version
end

function __fish_omnitraffick_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_omnitraffick_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_omnitraffick_using_subcommand
    set -l cmd (__fish_omnitraffick_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -s V -l version -d 'Print version'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "market" -d 'Where ads run'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "brand" -d 'Whose ads they are'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "channel" -d 'Ad platforms as this house uses them, with their accounts'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "campaign" -d 'What was promised for a brand in a market and year'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "ticket" -d 'Requests to create or change something on a platform'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "deploy" -d 'Tickets on their way to a platform'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "proposal" -d 'Changes suggested for tickets that were refused'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "rule" -d 'QA rules of the house'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "hold" -d 'Stops of an account, a platform or everything'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "events" -d 'What happens, commit by commit, oldest first'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "audit" -d 'Who did what, newest first'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "undo" -d 'Take a change back: your own newest, or any by its number; what is live on a platform stays as it is'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "redo" -d 'Make the change again that you took back last'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "whoami" -d 'As whom the engine sees you, and what you may do'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "guidelines" -d 'The house rules the copilot answers from'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "copilot" -d 'Questions, answered from the house rules'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "store" -d 'The store on disk'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "serve" -d 'Run the engine without a console until it is told to stop'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "engine" -d 'The process that works off the queue and answers every console'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "demo" -d 'See it all on an invented agency and a simulated platform; nothing to set up, nothing left behind'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "sandbox" -d 'Run a simulated world of the platforms on this machine'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "doctor" -d 'Check configuration, log, store and terminal, and say what to mend'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "config" -d 'The configuration in force'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c omnitraffick -n "__fish_omnitraffick_needs_command" -f -a "man" -d 'Print the manual page, or write one page per verb'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -f -a "list" -d 'List every market'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -f -a "show" -d 'Show one market'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -f -a "create" -d 'Make a market'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -f -a "update" -d 'Change a market'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and not __fish_seen_subcommand_from list show create update delete" -f -a "delete" -d 'Remove a market nobody refers to'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l name -d 'Full name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l country -d 'Countries that belong to it, ISO 3166-1 alpha-2; repeat it or separate by commas' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l region -d 'A grouping for people, such as EMEA' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l timezone -d 'IANA time zone, such as Europe/Berlin' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l daily-cap -d 'Highest daily budget of one ticket here, such as "1000.00 EUR"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l code -d 'New code; the old one stays known' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l name -d 'New name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l country -d 'New countries, all of them' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l region -d 'New region' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l timezone -d 'New time zone' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l daily-cap -d 'New daily cap, or none' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l retired -d 'Retire it (true) or bring it back (false)' -r -f -a "true\t''
false\t''"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l version -d 'Refuse when it changed since this version' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand market; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -f -a "list" -d 'List every brand'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -f -a "show" -d 'Show one brand'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -f -a "create" -d 'Make a brand'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -f -a "update" -d 'Change a brand'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and not __fish_seen_subcommand_from list show create update delete" -f -a "delete" -d 'Remove a brand nobody refers to'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l name -d 'Full name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l family-friendly -d 'Judge its tickets by the brand-safety rules for family brands'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l code -d 'New code; the old one stays known' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l name -d 'New name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l family-friendly -d 'Family-friendly or not' -r -f -a "true\t''
false\t''"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l retired -d 'Retire it (true) or bring it back (false)' -r -f -a "true\t''
false\t''"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l version -d 'Refuse when it changed since this version' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand brand; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -f -a "list" -d 'List every channel'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -f -a "show" -d 'Show one channel with its accounts'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -f -a "create" -d 'Make a channel'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -f -a "update" -d 'Change a channel'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -f -a "check" -d 'Ask the platform whether token, access, status, currency and zone of the accounts are right; reads only'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and not __fish_seen_subcommand_from list show create update check delete" -f -a "delete" -d 'Remove a channel nobody refers to'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l name -d 'Full name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l platform -d 'Which platform: meta, tiktok, google_ads' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l account -d 'An account as ID,CURRENCY,TIME ZONE,NAME, such as "act_123,USD,America/New_York,Acme US"; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l code -d 'New code; the old one stays known' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l name -d 'New name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l account -d 'An account to add, or to change by its id; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l remove-account -d 'Id of an account to take away; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l retired -d 'Retire it (true) or bring it back (false)' -r -f -a "true\t''
false\t''"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l version -d 'Refuse when it changed since this version' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l account -d 'Only this account' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand channel; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -f -a "list" -d 'List campaigns, newest first'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -f -a "show" -d 'Show one campaign'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -f -a "create" -d 'Make a campaign'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -f -a "update" -d 'Change a campaign'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and not __fish_seen_subcommand_from list show create update delete" -f -a "delete" -d 'Remove a campaign without tickets'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l brand -d 'Only of this brand' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l market -d 'Only of this market' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l brand -d 'Brand code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l market -d 'Market code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l year -d 'Four digits, the year in the name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l name -d 'The planner\'s words, such as "Moana launch"; letters and digits of it stand in the name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l budget -d 'What may be spent in all, such as "250000.00 USD"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l start -d 'First day, such as 2026-12-01' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l end -d 'Last day' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l brand -d 'Another brand' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l market -d 'Another market' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l year -d 'Another year' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l name -d 'Other words' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l budget -d 'Another budget, or none' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l start -d 'Another first day, or none for no flight' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l end -d 'Another last day, or none for an open end' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l retired -d 'Retire it (true) or bring it back (false)' -r -f -a "true\t''
false\t''"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l version -d 'Refuse when it changed since this version' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand campaign; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "list" -d 'List tickets'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "show" -d 'Show one ticket with its QA findings, its deploy and what it created'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "create" -d 'Write a ticket, with switches or from a file'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "update" -d 'Change a ticket'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "delete" -d 'Remove a ticket that never had a deploy'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "qa" -d 'Have QA judge tickets'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "deploy" -d 'Deploy tickets that passed QA'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "retry" -d 'Take up failed deploys again'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "cancel" -d 'Call a ticket off'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "approve" -d 'Agree that a ticket is deployed as it is, where a rule asks for approval'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "decline" -d 'Send a ticket back to its author'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "comment" -d 'Say something about a ticket to colleagues'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "comments" -d 'List what was said about a ticket, newest first'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "assign" -d 'Hand a ticket to somebody; voids nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "watch" -d 'Be told in your console what happens to a ticket; authors and owners are without asking'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "unwatch" -d 'Be told no more'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "undo" -d 'Take your newest change of a ticket back'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "withdraw" -d 'Take a ticket back to draft'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "clone" -d 'Copy a ticket into a new draft'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "why" -d 'Say why a ticket is where it is, and what comes next'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "heal" -d 'Propose a fix for what the platform or QA refused; changes nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "drift" -d 'Read the live objects and show what differs from what was sent'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and not __fish_seen_subcommand_from list show create update delete qa deploy retry cancel approve decline comment comments assign watch unwatch undo withdraw clone why heal drift preview" -f -a "preview" -d 'Show every request a deploy would make, as it would be sent; sends nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -s f -l filter -d 'Such as "status:qa-failed platform:meta !owner:ana spring"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l sort -d 'Order' -r -f -a "updated\t'Last change, newest first'
number\t'Number, newest first'
name\t'Name, A to Z'
status\t'Status, in flow order'
budget\t'Budget, largest first'"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most this many' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l reverse -d 'Turn the order around'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l all -d 'All of them'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l file -d 'Ticket file, TOML or JSON, one ticket or several; - for standard input' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l campaign -d 'Campaign by name, label, the planner\'s words or id' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l channel -d 'Channel code, such as META' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l account -d 'Account id; may be left out when the channel has one' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l request -d 'CREATE, UPDATE_BUDGET, PAUSE, RESUME or ARCHIVE [default: CREATE]' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l target -d 'Number of the ticket whose objects change' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l daily -d 'Daily budget in the account\'s currency, such as 100.00' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l lifetime -d 'Budget for the whole flight' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l start -d 'First day, such as 2026-12-01; the campaign\'s when left out' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l end -d 'Last day' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l set -d 'A payload field, such as ad_set.targeting.age_min=21; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l payload -d 'JSON or TOML file with payload fields by object, laid over what the form would start with' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l notes -d 'Free words for colleagues' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l assignee -d 'Login name of who takes care of it' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l priority -d 'LOW, NORMAL, HIGH or URGENT [default: NORMAL]' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l daily -d 'Daily budget in the account\'s currency, or none for no budget' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l lifetime -d 'Budget for the whole flight, or none for no budget' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l start -d 'First day, or none for no flight' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l end -d 'Last day, or none for an open end' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l set -d 'A payload field, such as ad_set.targeting.age_min=21; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l unset -d 'A payload field to take away; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l payload -d 'JSON or TOML file with payload fields by object, laid over the present ones; null takes one away' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l notes -d 'Free words for colleagues' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l assignee -d 'Login name of who takes care of it; empty for nobody' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l priority -d 'LOW, NORMAL, HIGH or URGENT' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l version -d 'Refuse when it changed since this version' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -s f -l filter -d 'Also every ticket that fits, such as "status:ready-for-api market:US"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l wait -d 'Wait until it has ended or a person is needed; ends with 1 when it did not work out'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from qa" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -s f -l filter -d 'Also every ticket that fits, such as "status:ready-for-api market:US"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l not-before -d 'Not before this time, such as 2026-12-01T06:00:00Z' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l wait -d 'Wait until it has ended or a person is needed; ends with 1 when it did not work out'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l validate-only -d 'Ask the platform whether it would take the requests, and carry out nothing; works on drafts too'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from deploy" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -s f -l filter -d 'Also every ticket that fits, such as "status:ready-for-api market:US"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l wait -d 'Wait until it has ended or a person is needed; ends with 1 when it did not work out'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -s f -l filter -d 'Also every ticket that fits, such as "status:ready-for-api market:US"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l reason -d 'Why, for the history' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l wait -d 'Wait until it has ended or a person is needed; ends with 1 when it did not work out'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l keep-paused -d 'Leave what exists on the platform, paused'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l archive -d 'Archive what exists on the platform'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l reason -d 'What to add, for the history' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l reason -d 'Why, for the author' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from decline" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comment" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -s n -l limit -d 'At most this many' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from comments" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from assign" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from unwatch" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l redo -d 'Make the change again that was taken back last'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from withdraw" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l campaign -d 'Another campaign for the copy: its name must be free on the account' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from clone" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from why" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l model -d 'Ask the language model where no rule knows a fix; without this, what it would be sent is shown'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from heal" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from drift" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l curl -d 'As commands of curl; the token is left to an environment variable, ids of earlier steps to you'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand ticket; and __fish_seen_subcommand_from preview" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "list" -d 'List the queue: what needs a person first'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "show" -d 'Show the ledger of one deploy: every step, every attempt'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "pause" -d 'Stop before the next step'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "resume" -d 'Go on'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "priority" -d 'Put it before or behind others on its account'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "recall" -d 'Take a deploy back before anything was sent'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and not __fish_seen_subcommand_from list show pause resume priority recall resolve" -f -a "resolve" -d 'Answer what happened to a step that nobody knows the end of'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -s f -l filter -d 'Such as "state:needs-operator platform:meta"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most this many' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l finished -d 'Also those that are over'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from priority" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from recall" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l step -d 'The step asked about; may be left out when only one asks' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l adopt -d 'This object is ours' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l reason -d 'Why, for the history' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l none-exists -d 'Nothing was created: look once more, then send it again'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l proceed -d 'What was found differs from what was expected; go on all the same'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l abandon -d 'Give the step up; the ticket fails'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l force -d 'With --adopt: also if the object differs from what was asked; needs an approver and a reason'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand deploy; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -f -a "list" -d 'List what is open, or everything ever proposed for one ticket'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -f -a "show" -d 'Show one: fields and QA before and after, what it rests on, who has the same trouble'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -f -a "apply" -d 'Apply one, as an edit of yours; the ticket is a draft then and QA starts anew'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and not __fish_seen_subcommand_from list show apply decline" -f -a "decline" -d 'Decline one'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l ticket -d 'Number, platform name or id of a ticket' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most this many' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l reason -d 'Why, for the history' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand proposal; and __fish_seen_subcommand_from decline" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -f -a "list" -d 'List the house\'s rules, and with --all those built in'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -f -a "add" -d 'Write a rule: tickets that passed QA have to pass again'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -f -a "dry-run" -d 'Show which open tickets a rule would find something in; nothing is saved'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and not __fish_seen_subcommand_from list add dry-run retire" -f -a "retire" -d 'Take a rule out of force; `add --replace` brings it back'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l all -d 'Also the rules every build brings along'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l when -d 'A condition, such as "brand is DIS, ACM" or "payload contains casino"; repeat it, all have to hold' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l require -d 'Block the deploy unless this holds too' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l message -d 'What a finding says; the rule in words where absent' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l remedy -d 'What a finding advises' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l block -d 'Block the deploy (as if nothing else is said)'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l warn -d 'Only warn'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l replace -d 'Write the rule of this name anew, or bring it back'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l when -d 'A condition, such as "brand is DIS, ACM" or "payload contains casino"; repeat it, all have to hold' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l require -d 'Block the deploy unless this holds too' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l message -d 'What a finding says; the rule in words where absent' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l remedy -d 'What a finding advises' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l block -d 'Block the deploy (as if nothing else is said)'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l warn -d 'Only warn'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l replace -d 'Write the rule of this name anew, or bring it back'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from dry-run" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand rule; and __fish_seen_subcommand_from retire" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -f -a "list" -d 'List every account with work or trouble, and what stops it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -f -a "place" -d 'Stop'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and not __fish_seen_subcommand_from list place release" -f -a "release" -d 'Go on'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l platform -d 'One platform: meta, tiktok, google_ads' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l account -d 'One account of the platform' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l reason -d 'Why, for colleagues' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l everything -d 'Every platform'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from place" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l platform -d 'One platform: meta, tiktok, google_ads' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l account -d 'One account of the platform' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l everything -d 'Every platform'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand hold; and __fish_seen_subcommand_from release" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l after -d 'Only after this number; without it the newest' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -s n -l limit -d 'At most this many' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -s F -l follow -d 'Stay and print what comes, one line each'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand events" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l ticket -d 'Only about this ticket' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l actor -d 'Only by this person' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l text -d 'Only what holds this text' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l since -d 'Not older than this: 30m, 2h, 3d, a day such as 2026-11-20, or RFC 3339' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l until -d 'Only older than this, written in the same way' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l before -d 'Only older than this number' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -s n -l limit -d 'At most this many' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand audit" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand undo" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand redo" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand whoami" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -f -a "list" -d 'What is read, and what holds for it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -f -a "search" -d 'The snippets that speak of something, best first'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and not __fish_seen_subcommand_from list search check" -f -a "check" -d 'Read everything and name what is wrong, with file, line and field'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l brand -d 'Brand code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l platform -d 'Platform: meta, tiktok, google_ads' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l market -d 'Market code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l objective -d 'Objective in the platform\'s word' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l brand -d 'Brand code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l platform -d 'Platform: meta, tiktok, google_ads' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l market -d 'Market code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l objective -d 'Objective in the platform\'s word' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -s n -l limit -d 'At most this many snippets' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l explain -d 'Say why each snippet is there: ranks, and the terms with their shares'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from search" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand guidelines; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -f -a "ask" -d 'Ask what the guidelines say; it answers from them or says that no rule was found'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and not __fish_seen_subcommand_from ask judge" -f -a "judge" -d 'Say whether an answer was of use, for whoever keeps the guidelines'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l ticket -d 'The ticket it stands in: its brand, platform, market and objective, its findings' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l brand -d 'Brand code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l platform -d 'Platform: meta, tiktok, google_ads' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l market -d 'Market code' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l objective -d 'Objective in the platform\'s word' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l require -d 'Exit with 1 unless the answer ends so, or better' -r -f -a "GROUNDED\t'Every rule is cited and every figure was found'
PARTIAL\t'Something is flagged, or the answer is not whole'
SNIPPETS_ONLY\t'Snippets, without a model\'s words'
NO_RULE_FOUND\t'No rule covers it'"
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l seen -d 'Send to the model what a preview with this hash showed, and nothing else' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l snippets -d 'Snippets only, no language model'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l preview -d 'Show what would be sent to the model, and send nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l explain -d 'Say why each snippet is there: ranks, and the terms with their shares'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from ask" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand copilot; and __fish_seen_subcommand_from judge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "verify" -d 'Read all of it, check every sum and the chain, snapshots and assets, and compare the index with the journal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "info" -d 'Say which store it is, where, what is in it, and how its chain ends'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "backup" -d 'Copy it into a directory that is not there yet, also while an engine runs'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "restore" -d 'Check a backup and lay it out as the store, which must not be there yet'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "settle" -d 'End the caution of a restored store: send without looking first'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "rebuild" -d 'Build the index again from snapshot and journal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "export" -d 'Print every commit with its rows, one JSON line each, also while an engine runs'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and not __fish_seen_subcommand_from verify info backup restore settle rebuild export gc" -f -a "gc" -d 'Remove assets nothing refers to that are older than a day'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from info" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l check -d 'Only check it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l reason -d 'Why nothing made after the backup is unknown any more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from settle" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from rebuild" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l after -d 'Only commits after this number' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand store; and __fish_seen_subcommand_from gc" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l linger -d 'With --until-idle: stay this long without work, such as 10m' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l until-idle -d 'End once no deploy is open, or only ones that wait for a person, and nobody is attached'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l take-over -d 'Take the place of an engine that runs already; it finishes its open calls first'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l background -d 'Leave the terminal\'s session'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand serve" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -f -a "status" -d 'Say which process is the engine, of which build, and who is attached'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -f -a "who" -d 'Say who is at which ticket now'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and not __fish_seen_subcommand_from status who upgrade" -f -a "upgrade" -d 'Put this build in the place of the running engine: open calls are finished, consoles reconnect by themselves'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from who" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand engine; and __fish_seen_subcommand_from upgrade" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l headless -d 'Play the story without a console: every stage as it happens, then a table; done only if all ended well'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand demo" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l listen -d 'Address to listen on; this machine only. Port 0 takes a free one' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l record -d 'Append every request and its answer to this file, one JSON line each, without secrets' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l faults -d 'World and faults, TOML: lost answers, rate limits, late objects' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l account -d 'An account that exists; repeat it for more' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l no-auto-accounts -d 'Only accounts named here or in the file exist'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand sandbox" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l online -d 'Also ask the platforms about every account of every channel in use; reads only'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -f -a "check" -d 'Say whether the file is good; what is wrong is named with its line'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and not __fish_seen_subcommand_from check show" -f -a "show" -d 'Print what is in force; secrets appear only as where they are read'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand completions" -s h -l help -d 'Print help'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l dir -d 'Write every page into this directory' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l store -d 'Directory of the store' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l config -d 'Configuration file' -r -F
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l clipboard-cmd -d 'Program that takes copied text on its standard input, such as "xclip -selection clipboard"' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l theme -d 'Colours of the console: house, middle, light, high-contrast, mono, or a theme file\'s name' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l log-level -d 'How much goes to the log file: error, warn, info, debug, trace' -r
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l ephemeral -d 'The store may lie in memory (tmpfs): it is gone with the next start of the machine'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l json -d 'One JSON document on stdout; failures as JSON on stderr'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -s y -l yes -d 'Answer yes to "really?"; needed for such verbs when stdin is not a terminal'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l dry-run -d 'Say what would change and change nothing'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l read-only -d 'Refuse every change'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l fresh -d 'Open the console on the board, not where you left it'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -l plain -d 'The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text'
complete -c omnitraffick -n "__fish_omnitraffick_using_subcommand man" -s h -l help -d 'Print help'
