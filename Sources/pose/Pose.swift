@main
struct Pose {
    static func main() {}
}
