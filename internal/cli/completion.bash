
# What follows is socctl's own, beside the script above.

# __socctl_init_completion stands in where the package bash-completion is missing. Bash cuts words at : and = too; what
# has no blank between is put together again.
__socctl_init_completion()
{
    COMPREPLY=()
    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    local line=${COMP_LINE:0:COMP_POINT} rest word i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        rest=${line#"${line%%[![:blank:]]*}"}
        word=${COMP_WORDS[i]}
        word=${word:0:${#rest}}
        if ((${#words[@]} == 0)) || [[ $rest != "$line" ]]; then
            words+=("$word")
        else
            words[${#words[@]}-1]+=$word
        fi
        line=${rest:${#word}}
    done
    cword=$((${#words[@]} - 1))
    cur=${words[cword]}
    prev=
    ((cword == 0)) || prev=${words[cword - 1]}
}

# __socctl_complete completes inside quotation marks, as filters have them, and leaves everything else to the script
# above.
__socctl_complete()
{
    local line=${COMP_LINE:0:COMP_POINT} quote= text= i char
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        case "$quote$char" in
            "''" | '""') quote= ;;
            '\' | '"\') i=$((i + 1)) ;;
            "'" | '"') quote=$char text=${line:i+1} ;;
        esac
    done
    if [[ -z $quote || $line != "${COMP_WORDS[0]}"* ]]; then
        __start_socctl "$@"
        return
    fi
    COMPREPLY=()
    local out
    out=$(eval "${COMP_WORDS[0]} __completeNoDesc${line:${#COMP_WORDS[0]}}$quote" 2>/dev/null) || return
    local directive=${out##*:}
    while IFS= read -r char; do
        [[ -n $char && $char == "$text"* ]] && COMPREPLY+=("$char")
    done <<<"${out%:*}"
    # Readline closes the quotation marks behind the only answer. Where more may follow, a second one keeps them open.
    if ((directive & 2)) && ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} != "$text" ]]; then
        COMPREPLY+=("${COMPREPLY[0]} ")
    fi
    if [[ $(type -t compopt) == builtin ]]; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 4)) && compopt +o default
        ((directive & 32)) && compopt -o nosort
    fi
    return 0
}

if [[ $(type -t compopt) == builtin ]]; then
    complete -o default -F __socctl_complete socctl
else
    complete -o default -o nospace -F __socctl_complete socctl
fi
