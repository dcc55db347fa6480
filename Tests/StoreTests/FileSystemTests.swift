import Store
import Testing

@Suite struct FileSystemTests {
  private static let mounts = #"""
    22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/root rw
    23 22 0:21 / /home rw - nfs4 server:/home rw
    24 23 0:22 / /home/my\040disk rw shared:3 master:4 - xfs /dev/sdb rw
    25 22 0:23 / /mnt rw - ext4 /dev/sdc rw
    26 22 0:24 / /mnt rw - fuse.sshfs host: rw
    nonsense
    """#

  @Test func theLongestMountPointCountsAndOfEqualOnesTheLast() {
    let expected = [
      "/": "ext4", "/homestead": "ext4", "/home": "nfs4", "/home/a/b": "nfs4", "/home/my disk/a": "xfs",
      "/home/my": "nfs4", "/mnt/x": "fuse.sshfs",
    ]
    for (path, type) in expected {
      #expect(FileSystem.type(of: path, mounts: Self.mounts) == type, "\(path)")
    }
    #expect(FileSystem.type(of: "/", mounts: "") == nil)
  }

  @Test func aFileThatIsAMountPointIsRecognised() {
    let mounts = Self.mounts + "\n27 22 8:1 /a/b.sqlite /srv/my\\040store.sqlite rw - ext4 /dev/sda rw"
    #expect(FileSystem.isMountPoint("/srv/my store.sqlite", mounts: mounts))
    #expect(!FileSystem.isMountPoint("/srv/my store.sqlite-wal", mounts: mounts))
    #expect(!FileSystem.isMountPoint("/srv", mounts: mounts))
  }

  @Test func networkFileSystemsAreRecognised() {
    for type in ["nfs", "nfs4", "cifs", "smb3", "fuse", "fuse.sshfs", "9p", "ceph"] {
      #expect(FileSystem.isNetwork(type), "\(type)")
    }
    for type in ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk"] {
      #expect(!FileSystem.isNetwork(type), "\(type)")
    }
  }
}
