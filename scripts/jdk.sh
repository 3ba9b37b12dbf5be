# Finds a JDK 25 and sets JAVA_HOME to it; sourced by ./build, ./writ and ./bench.
# Looks at JAVA_HOME, the usual places of Linux and macOS, SDKMAN, asdf and Gradle's own, then the PATH.

is_jdk_25() {
    [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$1/release" 2>/dev/null
}

find_jdk_25() {
    for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* /opt/java/* /usr/java/* \
        "$HOME"/.sdkman/candidates/java/25* "$HOME"/.asdf/installs/java/*25* "$HOME"/.gradle/jdks/*25* \
        "$HOME"/.jdks/*25* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk@25 /opt/homebrew/opt/openjdk; do
        if is_jdk_25 "$jdk"; then
            JAVA_HOME=$jdk
            export JAVA_HOME
            return 0
        fi
    done
    if javac=$(command -v javac) && jdk=$(dirname "$(dirname "$(readlink -f "$javac")")") && is_jdk_25 "$jdk"; then
        JAVA_HOME=$jdk
        export JAVA_HOME
        return 0
    fi
    echo "$1: needs a JDK 25, found none; $(how_to_get_jdk_25)" >&2
    return 1
}

how_to_get_jdk_25() {
    if [ "$(uname)" = Darwin ]; then
        echo "run: brew install openjdk@25"
    elif command -v dnf >/dev/null; then
        echo "run: sudo dnf install java-25-openjdk-devel"
    elif command -v apt-get >/dev/null && apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
        echo "run: sudo apt-get install openjdk-25-jdk-headless"
    elif command -v apk >/dev/null; then
        echo "run: apk add openjdk25"
    elif command -v pacman >/dev/null; then
        echo "run: sudo pacman -S jdk25-openjdk"
    else
        echo "unpack one from https://adoptium.net/temurin/releases/?version=25 and set JAVA_HOME to it"
    fi
}
