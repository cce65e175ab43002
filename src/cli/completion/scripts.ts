/**
 * What the shells run at a tab: each asks the program, which answers in lines of `word TAB about` and a last one `:BITS`
 * (4: no files fit, 2: no space behind the word), as programs made with cobra do.
 */

/** `ktrail __complete AT WORD…`: words without the program, the one that is typed at AT. */
export const ASKED_AT_A_TAB = "__complete";

const BASH = `# bash completion for ktrail: source <(ktrail completion bash)
_ktrail() {
    local rest=\${COMP_LINE:0:COMP_POINT} word line text at
    local -a words=()
    # bash divides words at : and =, which filters are full of: what has no space in between belongs together.
    for ((at = 0; at <= COMP_CWORD; at++)); do
        word=\${COMP_WORDS[at]}
        if ((at == 0)) || [[ $rest == [[:space:]]* ]]; then
            words+=("")
            rest=\${rest#"\${rest%%[![:space:]]*}"}
        fi
        word=\${word:0:\${#rest}}
        words[\${#words[@]} - 1]+=$word
        rest=\${rest:\${#word}}
    done
    local typed=\${words[\${#words[@]} - 1]} quote="" own=$word
    if [[ $typed == [\\'\\"]* ]]; then
        quote=\${typed:0:1}
        typed=\${typed:1}
        own=$typed
    elif [[ $own == : || $own == = ]]; then
        own=""
    fi
    words[\${#words[@]} - 1]=$typed
    local kept=\${typed%"$own"} bits=4
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == :* ]]; then
            bits=\${line:1}
            continue
        fi
        text=\${line%%$'\\t'*}
        COMPREPLY+=("\${text#"$kept"}")
    done < <("\${words[0]}" __complete $((\${#words[@]} - 2)) "\${words[@]:1}" "\${COMP_WORDS[@]:COMP_CWORD+1}" 2>/dev/null)
    ((bits & 2)) && compopt -o nospace
    if ! ((bits & 4)); then
        compopt -o filenames 2>/dev/null
        while IFS= read -r text; do
            COMPREPLY+=("$text")
        done < <(compgen -f -- "$own")
    fi
}
complete -F _ktrail ktrail kubectl-trail
`;

const ZSH = `#compdef ktrail kubectl-trail
# zsh completion for ktrail: source <(ktrail completion zsh), or as _ktrail in a folder of $fpath
_ktrail() {
    local line text about bits=4
    local -a texts shown reply given
    given=("\${(@Q)words[2,-1]}")
    # Up to the cursor; a quote that is not closed yet stays otherwise.
    given[CURRENT-1]=\${(Q)\${PREFIX#[\\'\\"]}}
    reply=("\${(@f)$(command "\${(Q)words[1]}" __complete $((CURRENT - 2)) "\${given[@]}" 2>/dev/null)}")
    for line in "\${reply[@]}"; do
        if [[ $line == :* ]]; then
            bits=\${line#:}
            continue
        fi
        text=\${line%%$'\\t'*}
        about=\${line#*$'\\t'}
        [[ -z $text ]] && continue
        texts+=("$text")
        shown+=("$text\${about:+  -- $about}")
    done
    local -a space
    ((bits & 2)) && space=(-S "")
    (($#texts)) && compadd -l -d shown $space -a texts
    ((bits & 4)) || _files
    (($#texts)) || ! ((bits & 4))
}
if [[ \${funcstack[1]} == _ktrail ]]; then
    _ktrail "$@"
else
    compdef _ktrail ktrail kubectl-trail
fi
`;

const FISH = `# fish completion for ktrail: ktrail completion fish | source
function __ktrail_complete
    set -l before (commandline -opc)
    set -l program $before[1]
    set -e before[1]
    set -l typed (commandline -ct | string trim --left --chars "'\\"")
    test (count $typed) -eq 0; and set typed ""
    set -l reply (command $program __complete (count $before) $before $typed 2>/dev/null)
    for line in $reply
        if string match -q ':*' -- $line
            if test (math "bitand("(string sub -s 2 -- $line)", 4)") -eq 0
                __fish_complete_path $typed
            end
        else
            echo $line
        end
    end
end
complete -c ktrail -c kubectl-trail -f -a '(__ktrail_complete)'
`;

/** kubectl runs a program of this name, with the words and what is typed as the last, for \`kubectl trail\`. */
const KUBECTL = `#!/bin/sh
# kubectl completion for its plugin trail: as kubectl_complete-trail in a folder of $PATH
exec kubectl-trail __complete $(($# - 1)) "$@"
`;

export const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH, kubectl: KUBECTL } as const;
