"""Build lepatrol with pip, or with colcon as an ament_python package."""

import os
from pathlib import Path
from xml.etree import ElementTree

from setuptools import find_packages, setup
from setuptools.command.install import install

NAME = 'lepatrol'
MANIFEST = ElementTree.parse('package.xml').getroot()
SHARE = f'share/{NAME}'


def data_tree(*folders: str) -> list[tuple[str, list[str]]]:
    """Return every file below the folders, to be installed under the same path in the share folder."""
    return [
        (f'{SHARE}/{parent}', [os.path.join(parent, name) for name in sorted(names)])
        for folder in folders for parent, _, names in sorted(os.walk(folder)) if names]


class InstallWithCommand(install):
    """Put the `lepatrol` command on PATH where colcon installs, which keeps all scripts for `ros2 run`."""

    def run(self) -> None:
        """Install, then link the command from ``bin``."""
        super().run()
        scripts = Path(self.install_scripts)
        if scripts.parts[-2:] == ('lib', NAME):
            command = scripts.parents[1] / 'bin' / NAME
            command.parent.mkdir(exist_ok=True)
            command.unlink(missing_ok=True)
            command.symlink_to(Path('..', 'lib', NAME, NAME))


setup(
    name=NAME,
    version=MANIFEST.findtext('version'),
    description=' '.join(MANIFEST.findtext('description', '').split()),
    long_description=Path('README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    maintainer=MANIFEST.findtext('maintainer'),
    maintainer_email=MANIFEST.find('maintainer').get('email'),
    license='Apache-2.0',
    python_requires='>=3.10',
    packages=find_packages(include=[NAME, f'{NAME}.*']),
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (SHARE, ['package.xml', 'LICENSE', 'CHANGELOG.md']),
        *data_tree('launch', 'config', 'worlds', 'urdf'),
    ],
    zip_safe=False,
    install_requires=[
        'mujoco>=3.5',
        'numpy>=1.26,<3',
        'opencv-python>=4.6,<5',
        'panda3d>=1.10.14',
        'py_trees>=2.2',
        'pyyaml>=6',
        'rapidfuzz>=3.6',
        'rich>=13',
        'rosbags>=0.10',
        'scipy>=1.11',
        'shapely>=2.1',
        'snowballstemmer>=2.2',
        'transforms3d>=0.4.1',
        'tzdata',
        'xacro>=2.0',
    ],
    extras_require={
        # A real ROS 2 Jazzy for machines that have none; leave it out where one is sourced.
        'ros': ['ros-jazzy-rclpy', 'ros-jazzy-rmw-fastrtps-cpp', 'ros-jazzy-common-interfaces'],
        'test': [
            'hypothesis>=6.90',
            'import-linter>=2.0',
            'mypy>=1.13',
            'onnx>=1.16',
            'pytest>=8',
            'pytest-xdist>=3.5',
            'ruff>=0.12,<1',
            'setuptools>=70.1',
        ],
    },
    cmdclass={'install': InstallWithCommand},
    entry_points={
        'console_scripts': [
            'lepatrol = lepatrol.cli:main',
            'simulator = lepatrol.nodes.__main__:simulator',
            'navigator = lepatrol.nodes.__main__:navigator',
            'nav2_navigator = lepatrol.nodes.__main__:nav2_navigator',
            'patrol = lepatrol.nodes.__main__:patrol',
            'perimeter = lepatrol.nodes.__main__:perimeter',
            'greeter = lepatrol.nodes.__main__:greeter',
            'frames = lepatrol.nodes.__main__:frames',
            'world_map = lepatrol.nodes.__main__:world_map',
            'gazebo_pose = lepatrol.nodes.__main__:gazebo_pose',
            'scenario_director = lepatrol.nodes.__main__:scenario_director',
            'gazebo_lamp = lepatrol.nodes.__main__:gazebo_lamp',
        ],
    },
)
