# bash completion for tare(1). The words come from `tare completion words`.
_tare() {
    local current=${COMP_WORDS[COMP_CWORD]} line word quoted
    local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=()
    if ((COMP_CWORD > 0)); then # as typed so far, without its quotes
        current=${current#[\"\']}
        words[COMP_CWORD - 1]=${current//\\/}
    fi
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        case $word in
        :files)
            compopt -o filenames
            while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
            ;;
        :commands)
            while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -c -- "$current")
            ;;
        *)
            printf -v quoted %q "$word"
            COMPREPLY+=("$quoted")
            ;;
        esac
    done < <("$1" completion words -- "${words[@]}" 2>/dev/null)
    # What is left to type of a word that readline breaks at a colon.
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${current%:*}:"}")
    fi
}
complete -F _tare tare
